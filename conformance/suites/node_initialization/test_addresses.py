"""Addresses: the instance's own, under their types, refreshed, and never wiped by silence."""

from __future__ import annotations

from conformance.checks import (
    Case,
    Condition,
    Fault,
    InstanceShape,
    Invariant,
    Node,
    addresses,
    addresses_at_work,
    asked_about,
    join,
    joined,
    keeps,
    kept,
    launch,
    node_is,
    refreshed,
    requirement,
    shown,
)

HOSTNAME = "Hostname"

TWO_INTERNAL = InstanceShape(private_addresses=2)


def truth(node: Node) -> list[tuple[str, str]]:
    """(type, address) pairs that the cloud reports for the node's instance, in its order."""
    return [(one.type.value, one.address) for one in node.backing.addresses]


def has_addresses(node: Node, wanted: set[str]) -> Condition:
    """Every one of these addresses is on the node."""
    return node_is(
        node,
        f"addresses {shown(sorted(wanted))}",
        lambda seen: wanted <= {address for _, address in addresses(seen)},
    )


def published(case: Case, shape: InstanceShape | None = None) -> Node:
    """An initialized node that shows its instance's addresses."""
    node = joined(case, launch(case, shape))
    wanted = {address for _, address in truth(node)}
    case.given("node.init.addresses-prompt", has_addresses(node, wanted), "node-addresses")
    return node


def same_addresses(node: Node) -> tuple[Invariant, ...]:
    """The node keeps the very list that it has now."""
    before = node.addresses
    return (
        kept(node),
        keeps(node, f"addresses {shown(before)}", lambda seen: addresses(seen) == before),
    )


@requirement("node.addr.match")
def test_addresses_match_the_instance(case: Case) -> None:
    """Refuted if a pair of type and address is missing, foreign or repeated."""
    node = joined(case)
    wanted = sorted(pair for pair in truth(node) if pair[0] != HOSTNAME)

    def matches(pairs: list[tuple[str, str]]) -> bool:
        return sorted(pair for pair in pairs if pair[0] != HOSTNAME) == wanted

    case.expect(
        "pairs-match",
        node_is(node, f"pairs {shown(wanted)}", lambda seen: matches(addresses(seen))),
        "node-addresses",
    )


@requirement("node.addr.no-dup")
def test_no_address_stands_twice(case: Case) -> None:
    """Refuted by any state with a repeated pair or an empty address, and by none at all: the API
    server refuses a list with a repeated pair (ValidateNodeUpdate), so such a list is never seen.
    """
    node = joined(case, launch(case, TWO_INTERNAL))
    wanted = {address for _, address in truth(node)}
    case.expect("addresses-accepted", has_addresses(node, wanted), "node-addresses")
    for seen in node.versions():
        pairs = addresses(seen)
        case.expect("no-pair-twice", len(set(pairs)) == len(pairs))
        case.expect("none-empty", all(address for _, address in pairs))


@requirement("node.addr.hostname-kept")
def test_hostname_is_kept(case: Case) -> None:
    """Refuted if the node ends without exactly one host name, the cloud's or its own."""
    node = published(case)
    own = [address for kind, address in addresses(node.versions()[0]) if kind == HOSTNAME]
    clouds = [address for kind, address in truth(node) if kind == HOSTNAME]
    left = [address for kind, address in node.addresses if kind == HOSTNAME]
    case.expect("one-hostname", left == (clouds or own))


@requirement("node.addr.refresh")
def test_changed_addresses_reach_the_node(case: Case) -> None:
    """Refuted if a new address of the instance does not appear on its initialized node."""
    node = published(case)
    after = case.control.change_addresses(node.backing.id)
    fresh = {one.address for one in after.addresses} - {address for _, address in truth(node)}
    case.expect("new-addresses", has_addresses(node, fresh), "node-addresses")


@requirement("node.addr.stale-removed")
def test_lost_addresses_leave_the_node(case: Case) -> None:
    """Refuted if an address that the instance lost stays on the node."""
    node = published(case)
    after = {one.address for one in case.control.change_addresses(node.backing.id).addresses}
    before = {address for _, address in truth(node)}
    case.given("node.addr.refresh", has_addresses(node, after - before), "node-addresses")
    lost = before - after
    case.expect(
        "old-addresses-gone",
        node_is(
            node,
            f"none of {shown(sorted(lost))}",
            lambda seen: not lost & {address for _, address in addresses(seen)},
        ),
        "node-addresses",
    )


@requirement("node.addr.empty-answer-kept")
def test_an_answer_without_addresses_wipes_nothing(case: Case) -> None:
    """Refuted if the list changes while the cloud reports no address."""
    node = published(case)
    with case.disturb(Fault.NO_ADDRESSES, resource="instance", about=node.backing.names):
        case.quiet(
            "addresses-kept",
            *same_addresses(node),
            witness=refreshed(node),
            period=case.timing.node_addresses,
        )


@requirement("node.addr.error-kept")
def test_an_error_wipes_nothing_and_ends_nothing(case: Case) -> None:
    """Refuted if an error changes the list, or if no refresh comes after it."""
    node = published(case)
    with case.disturb(Fault.SERVER_ERROR, resource="instance"):
        case.quiet(
            "addresses-kept",
            *same_addresses(node),
            witness=refreshed(node),
            period=case.timing.node_addresses,
        )
    after = {one.address for one in case.control.change_addresses(node.backing.id).addresses}
    case.expect("refreshed-again", has_addresses(node, after), "retry")


@requirement("node.addr.tainted-skipped")
def test_tainted_nodes_are_not_refreshed(case: Case) -> None:
    """Refuted if addresses appear on a node whose initialization could not be written."""
    sentinel = published(case)
    instance = launch(case)
    refuse = case.kubernetes_disturbance.refuse(
        verb="update", resource="nodes", name=instance.node_name, code=500
    )
    with refuse:
        node = join(case, instance)
        case.observed(asked_about(case, node), "node-init")
        case.quiet(
            "no-addresses-written",
            *same_addresses(node),
            witness=addresses_at_work(sentinel),
            period=case.timing.node_addresses,
        )


@requirement("node.addr.dual-stack")
def test_dual_stack_addresses_keep_the_clouds_order(case: Case) -> None:
    """Refuted if a family is missing or the cloud's order of internal addresses is not kept."""
    node = joined(case, launch(case, InstanceShape(dual_stack=True)))
    wanted = [address for kind, address in truth(node) if kind == "InternalIP"]
    families = {":" in address for address in wanted}
    case.observed(
        Condition(
            "the instance has both families", lambda: len(families) == 2, lambda: shown(wanted)
        )
    )
    case.expect(
        "both-families-in-order",
        node_is(
            node,
            f"internal addresses {shown(wanted)}",
            lambda seen: [a for kind, a in addresses(seen) if kind == "InternalIP"] == wanted,
        ),
        "node-addresses",
    )


@requirement("node.addr.order-stable")
def test_the_order_of_addresses_is_stable(case: Case) -> None:
    """Refuted if three refreshes of an unchanged instance reorder or rewrite its addresses."""
    sentinel = published(case)
    node = published(case, TWO_INTERNAL)
    revision = node.present["metadata"].get("resourceVersion")
    case.quiet(
        "order-kept",
        *same_addresses(node),
        keeps(node, "no write", lambda seen: seen["metadata"]["resourceVersion"] == revision),
        witness=addresses_at_work(sentinel),
        period=1.5 * case.timing.node_addresses,
    )
