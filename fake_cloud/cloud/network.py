"""Hands out addresses; none is ever handed out twice."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from itertools import count

PRIVATE = IPv4Address("10.0.0.0")
PUBLIC = IPv4Address("198.18.0.0")
"""Benchmarking range of RFC 2544: belongs to nobody."""
IPV6 = IPv6Address("2001:db8::")
"""Documentation range of RFC 3849."""
ZONE_SIZE = 2**16


class Network:
    """One account's address space; each zone has a part of its own."""

    def __init__(self) -> None:
        self._numbers = count(10)

    def private_ip(self, zone: int) -> str:
        return str(PRIVATE + zone * ZONE_SIZE + next(self._numbers))

    def public_ip(self) -> str:
        return str(PUBLIC + next(self._numbers))

    def ipv6_ip(self, zone: int) -> str:
        return str(IPV6 + zone * ZONE_SIZE + next(self._numbers))
