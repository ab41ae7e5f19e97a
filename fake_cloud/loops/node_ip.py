"""The annotation by which a kubelet says which of its addresses is the node's (KEP-3705)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

from conformance.contracts.instances import Address

PROVIDED_NODE_IP = "alpha.kubernetes.io/provided-node-ip"
"""k8s.io/cloud-provider/api/well_known_annotations.go."""

IP: TypeAlias = IPv4Address | IPv6Address


class InvalidNodeIP(Exception):
    """The annotation cannot be read, or names an address that the instance does not have."""


def parse_node_ips(annotation: str) -> list[IP]:
    """One address, or one of each family; else `InvalidNodeIP` (component-helpers ips.go)."""
    try:
        ips = [ip_address(word) for word in annotation.split(",")]
    except ValueError as error:
        raise InvalidNodeIP(f"could not parse {annotation!r}: {error}") from error
    if len(ips) > 2 or (len(ips) == 2 and ips[0].version == ips[1].version):
        raise InvalidNodeIP(f"{annotation!r} is neither one IP nor a dual-stack pair")
    if len(ips) == 2 and any(ip.is_unspecified for ip in ips):
        raise InvalidNodeIP(f"{annotation!r} holds an unspecified address")
    return ips


def prefer(addresses: Sequence[Address], ips: Sequence[IP]) -> list[Address]:
    """`ips` first, alone of their types; other types follow (node/helpers/address.go).

    Raises `InvalidNodeIP` for one that is not among `addresses`.
    """
    first: list[Address] = []
    for ip in ips:
        matching = [address for address in addresses if _same(address, ip)]
        if not matching:
            raise InvalidNodeIP(f"{ip} is none of the instance's addresses")
        first += matching
    enforced = {address.type for address in first}
    return [*first, *(address for address in addresses if address.type not in enforced)]


def _same(address: Address, ip: IP) -> bool:
    try:
        return ip_address(address.address) == ip
    except ValueError:
        return False
