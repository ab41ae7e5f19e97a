"""The shared ranges of Services: cluster IPs by family, node ports.

Sources: pkg/registry/core/service/ipallocator and portallocator; the ranges are those that
the `binaries` backend gives to kube-apiserver.
"""

from __future__ import annotations

import ipaddress
import random

IPV4, IPV6 = "IPv4", "IPv6"
NODE_PORTS = range(30000, 32768)
"""Default of `--service-node-port-range`."""

STATIC_BAND = 16
"""The lowest share of a range is left to those who ask for an address (at least 16)."""


class RangeError(Exception):
    """What was asked for cannot be had; the text is that of the Go allocators."""


def family_of(ip: str) -> str:
    return IPV6 if ":" in ip else IPV4


class IpRange:
    """Addresses of one family."""

    def __init__(self, cidr: str, seed: int):
        self.network = ipaddress.ip_network(cidr)
        self._taken: set[str] = set()
        self._random = random.Random(seed)  # noqa: S311 - spreads addresses, guards nothing
        self._size = min(self.network.num_addresses, 1 << 16)

    def take(self, ip: str) -> None:
        """Raises `RangeError` when it is foreign or taken."""
        address = ipaddress.ip_address(ip)
        if address not in self.network:
            raise RangeError("the provided network does not match the current range")
        if str(address) in self._taken:
            raise RangeError("provided IP is already allocated")
        self._taken.add(str(address))

    def take_any(self) -> str:
        """A free address, from the upper part of the range while there is one."""
        start = self._random.randrange(STATIC_BAND, self._size - 1)
        for step in range(self._size - 2):
            ip = str(self.network[(start + step - 1) % (self._size - 2) + 1])
            if ip not in self._taken:
                self._taken.add(ip)
                return ip
        raise RangeError("range is full")

    def give_back(self, ip: str) -> None:
        self._taken.discard(str(ipaddress.ip_address(ip)))


class PortRange:
    """Node ports."""

    def __init__(self, seed: int):
        self._taken: set[int] = set()
        self._random = random.Random(seed)  # noqa: S311 - spreads ports, guards nothing

    def take(self, port: int) -> None:
        if port not in NODE_PORTS:
            valid = f"{NODE_PORTS.start}-{NODE_PORTS.stop - 1}"
            raise RangeError(
                f"provided port is not in the valid range. The range of valid ports is {valid}"
            )
        if port in self._taken:
            raise RangeError("provided port is already allocated")
        self._taken.add(port)

    def take_any(self) -> int:
        start = self._random.randrange(len(NODE_PORTS))
        for step in range(len(NODE_PORTS)):
            port = NODE_PORTS[(start + step) % len(NODE_PORTS)]
            if port not in self._taken:
                self._taken.add(port)
                return port
        raise RangeError("range is full")

    def give_back(self, port: int) -> None:
        self._taken.discard(port)


class ServiceRanges:
    """The first family is the default of the cluster."""

    def __init__(self, cidrs: tuple[str, ...], seed: int = 0):
        self.ips = {family_of(cidr): IpRange(cidr, seed) for cidr in cidrs}
        self.ports = PortRange(seed)

    @property
    def default_family(self) -> str:
        return next(iter(self.ips))
