"""Addresses that a kubelet chose for itself: honoured when they are its own, refused when not."""

from __future__ import annotations

from ipaddress import ip_address

from conformance.checks import (
    UNINITIALIZED,
    Case,
    Instance,
    InstanceShape,
    JsonObject,
    NodeShape,
    addressed,
    addresses,
    addresses_at_work,
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

NO_ADDRESS = "not-an-address"
STRANGERS = "192.0.2.77"
"""Of the documentation range TEST-NET-1 (RFC 5737): no cloud gives it to anybody."""


def internal(instance: Instance, *versions: int) -> list[str]:
    """The instance's internal addresses of these IP versions, in the cloud's order."""
    listed = [a.address for a in instance.addresses if a.type == "InternalIP"]
    return [address for address in listed if ip_address(address).version in versions]


def stays_tainted(case: Case, expectation: str, instance: Instance, provided_ip: str) -> None:
    """Decide that the instance's node is not released with this choice."""
    node = join(case, instance, NodeShape(provided_ip=provided_ip))
    case.quiet(
        expectation,
        kept(node),
        keeps(node, f"taint {UNINITIALIZED}", lambda seen: bool(taints(seen, UNINITIALIZED))),
        witness=looked_up(case, node),
        period=case.timing.node_reaction,
    )


@requirement("node.addr.provided-ip")
def test_chosen_address_comes_first_and_alone(case: Case) -> None:
    """Refuted if another internal address is shown, now or after a refresh, or an address of
    another type is lost.
    """
    other = addressed(case)
    instance = launch(case, InstanceShape(private_addresses=2))
    chosen = internal(instance, 4)[1]
    node = joined(case, instance, NodeShape(provided_ip=chosen))
    others = {(a.type, a.address) for a in instance.addresses if a.type != "InternalIP"}
    case.expect(
        "chosen-first",
        node_is(node, f"{chosen} first", lambda n: addresses(n)[:1] == [("InternalIP", chosen)]),
        "node-addresses",
    )

    def alone(seen: JsonObject) -> bool:
        return {a for t, a in addresses(seen) if t == "InternalIP"} == {chosen}

    case.expect("alone-of-its-type", node_is(node, f"InternalIP {chosen} alone", alone))
    case.expect(
        "other-types-kept",
        node_is(node, f"addresses {shown(sorted(others))}", lambda n: others <= set(addresses(n))),
    )
    case.quiet(
        "kept-at-refresh",
        kept(node),
        keeps(node, f"InternalIP {chosen} alone", alone),
        witness=addresses_at_work(other),
        period=case.timing.node_addresses,
    )


@requirement("node.addr.provided-ip-invalid")
def test_a_wrong_choice_keeps_the_taint(case: Case) -> None:
    """Refuted if a node is released with an address that it cannot have."""
    stays_tainted(case, "tainted-when-unparsable", launch(case), NO_ADDRESS)
    stays_tainted(case, "tainted-when-not-its-own", launch(case), STRANGERS)


@requirement("node.addr.provided-ip-dual")
def test_a_pair_is_honoured_in_its_order(case: Case) -> None:
    """Refuted if the pair is cut or swapped, or if a bad pair releases the node."""
    shape = InstanceShape(dual_stack=True, private_addresses=2)
    instance = launch(case, shape)
    preferred = ip_address(internal(instance, 4, 6)[0]).version
    pair = [internal(instance, 10 - preferred)[0], internal(instance, preferred)[0]]
    node = joined(case, instance, NodeShape(provided_ip=",".join(pair)))
    wanted = [("InternalIP", address) for address in pair]
    case.expect(
        "pair-in-order",
        node_is(node, f"{shown(pair)} first", lambda seen: addresses(seen)[:2] == wanted),
        "node-addresses",
    )
    bad = launch(case, shape)
    stays_tainted(case, "tainted-for-one-family-twice", bad, ",".join(internal(bad, 4)))
    bad = launch(case, shape)
    stays_tainted(case, "tainted-for-unspecified", bad, f"{internal(bad, 4)[0]},::")
