"""The provided node IP: what is read, refused, and put first (the table of KEP-3705)."""

from __future__ import annotations

import pytest

from conformance.contracts.instances import Address, AddressType
from fake_cloud.loops.node_ip import InvalidNodeIP, parse_node_ips, prefer

INTERNAL, EXTERNAL = AddressType.INTERNAL_IP, AddressType.EXTERNAL_IP
V4, V4_SECOND, V6 = (Address(INTERNAL, ip) for ip in ("10.0.0.1", "10.0.0.2", "fd00::1"))
PUBLIC = Address(EXTERNAL, "198.18.0.1")
NAME = Address(AddressType.HOSTNAME, "node")
ALL = [V4, V4_SECOND, V6, PUBLIC, NAME]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("10.0.0.1", [V4, PUBLIC, NAME]),
        ("10.0.0.2", [V4_SECOND, PUBLIC, NAME]),
        ("fd00:0::1", [V6, PUBLIC, NAME]),
        ("fd00::1,10.0.0.2", [V6, V4_SECOND, PUBLIC, NAME]),
        ("10.0.0.1,fd00::1", [V4, V6, PUBLIC, NAME]),
        ("198.18.0.1", [PUBLIC, V4, V4_SECOND, V6, NAME]),
    ],
)
def test_the_kubelets_choice_comes_first(annotation: str, expected: list[Address]) -> None:
    assert prefer(ALL, parse_node_ips(annotation)) == expected


@pytest.mark.parametrize(
    "annotation",
    ["", "no-ip", "10.0.0.1, fd00::1", "10.0.0.1,10.0.0.2", "0.0.0.0,fd00::1", "1.1.1.1,::1,::2"],
)
def test_what_cannot_be_meant_is_refused(annotation: str) -> None:
    with pytest.raises(InvalidNodeIP):
        parse_node_ips(annotation)


def test_an_address_of_somebody_else_is_refused() -> None:
    with pytest.raises(InvalidNodeIP, match=r"10\.9\.9\.9"):
        prefer(ALL, parse_node_ips("10.9.9.9"))
