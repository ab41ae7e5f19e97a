"""Addresses that the kubelet chose with `--node-ip` (KEP-3705)."""

from __future__ import annotations

from conformance.checks import (
    UNINITIALIZED,
    Case,
    InstanceShape,
    Node,
    NodeShape,
    addresses,
    join,
    joined,
    keeps,
    kept,
    launch,
    looked_up,
    node_is,
    requirement,
    shown,
    taints,
)

ELSEWHERE = "192.0.2.77"
"""An address of documentation (RFC 5737): no instance has it."""


def stays_tainted(case: Case, node: Node) -> None:
    """Decide that the annotation keeps this node from being released."""
    case.quiet(
        "taint-kept",
        kept(node),
        keeps(node, f"taint {UNINITIALIZED}", lambda seen: bool(taints(seen, UNINITIALIZED))),
        witness=looked_up(case, node),
        period=case.timing.node_reaction,
    )


@requirement("node.addr.provided-ip")
def test_provided_address_comes_first_and_alone(case: Case) -> None:
    """Refuted if the chosen address is not first, not alone of its type, or costs other types."""
    instance = launch(case, InstanceShape(private_addresses=2))
    ips = [one.address for one in instance.addresses if one.type == "InternalIP"]
    node = joined(case, instance, NodeShape(provided_ip=ips[1]))
    others = [one.address for one in instance.addresses if one.type != "InternalIP"]

    def honoured(pairs: list[tuple[str, str]]) -> bool:
        alone = [address for kind, address in pairs if kind == "InternalIP"] == [ips[1]]
        kept_types = set(others) <= {address for _, address in pairs}
        return bool(pairs) and pairs[0] == ("InternalIP", ips[1]) and alone and kept_types

    wanted = f"{ips[1]} first and alone of its type, and {shown(others)}"
    case.expect(
        "provided-address-honoured",
        node_is(node, wanted, lambda seen: honoured(addresses(seen))),
        "node-addresses",
    )


@requirement("node.addr.provided-ip-invalid")
def test_invalid_provided_address_keeps_the_taint(case: Case) -> None:
    """Refuted if a node is released with an address that cannot be read or is not its own."""
    for annotation in ("not-an-address", ELSEWHERE):
        stays_tainted(case, join(case, shape=NodeShape(provided_ip=annotation)))


@requirement("node.addr.provided-ip-dual")
def test_provided_pair_keeps_its_order(case: Case) -> None:
    """Refuted if a pair of families loses one or its order, or a bad pair releases the node."""
    instance = launch(case, InstanceShape(dual_stack=True))
    ips = [one.address for one in instance.addresses if one.type == "InternalIP"]
    v4 = next(ip for ip in ips if ":" not in ip)
    v6 = next(ip for ip in ips if ":" in ip)
    chosen = [v6, v4] if ips.index(v4) < ips.index(v6) else [v4, v6]
    node = joined(case, instance, NodeShape(provided_ip=",".join(chosen)))
    case.expect(
        "pair-in-its-order",
        node_is(
            node,
            f"internal addresses {shown(chosen)}",
            lambda seen: [a for kind, a in addresses(seen) if kind == "InternalIP"] == chosen,
        ),
        "node-addresses",
    )
    for pair in (f"{v4},{ELSEWHERE}", f"0.0.0.0,{v6}"):
        other = launch(case, InstanceShape(dual_stack=True))
        stays_tainted(case, join(case, other, NodeShape(provided_ip=pair)))
