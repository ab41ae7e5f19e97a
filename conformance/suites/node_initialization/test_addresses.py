"""Node addresses: the cloud's own, complete, up to date, and not touched without a reason."""

from __future__ import annotations

from ipaddress import ip_address

from conformance.checks import (
    Address,
    AddressType,
    Case,
    Condition,
    Fault,
    InstanceShape,
    Invariant,
    JsonObject,
    Node,
    NodeShape,
    addressed,
    addresses,
    addresses_at_work,
    answered,
    change_addresses,
    compared,
    every,
    hides,
    initialized,
    is_initialized,
    join,
    joined,
    keeps,
    kept,
    launch,
    node_is,
    refreshed,
    requirement,
    shown,
    shows,
    standing,
    unless,
    untouched,
)

TWO_CARDS = InstanceShape(private_addresses=2)
DUAL_STACK = InstanceShape(dual_stack=True)
KUBELETS_OWN = "named-by-its-kubelet.example"


def keeps_addresses(node: Node) -> Invariant:
    """Invariant of a node whose addresses nobody may change, whatever their order."""
    before = sorted(node.addresses)
    return keeps(node, "the addresses it had", lambda seen: sorted(addresses(seen)) == before)


def ips(node: JsonObject) -> list[str]:
    """What the node shows as internal and external IP addresses."""
    return of_type(node, AddressType.INTERNAL_IP) + of_type(node, AddressType.EXTERNAL_IP)


def is_ip(text: str) -> bool:
    """Of either family, as Kubernetes reads it."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def of_type(node: JsonObject, type_: AddressType) -> list[str]:
    """The node's addresses of this type in their order."""
    return [address for shown_type, address in addresses(node) if shown_type == type_]


@requirement("node.addr.match")
def test_addresses_are_the_clouds_with_their_types(case: Case) -> None:
    """Refuted if a pair is missing, is of another type, or is none of the instance's."""
    node = joined(case)
    wanted = sorted((a.type, a.address) for a in node.backing.addresses if a.type != "Hostname")
    case.expect(
        "addresses-match",
        node_is(
            node,
            f"addresses {shown(wanted)}",
            lambda seen: sorted(p for p in addresses(seen) if p[0] != "Hostname") == wanted,
        ),
        "node-addresses",
    )


@requirement("node.addr.ip")
def test_a_node_has_an_ip_address(case: Case) -> None:
    """Refuted if a node shows no IP address, or what it shows as one is none."""
    nodes = standing(case)
    case.expect(
        "some", every(nodes, "an IP address", lambda seen: bool(ips(seen))), "node-addresses"
    )
    case.expect(
        "valid", every(nodes, "IP addresses alone", lambda seen: all(map(is_ip, ips(seen))))
    )


@requirement("node.addr.no-dup")
def test_no_address_is_listed_twice(case: Case) -> None:
    """Refuted if any state shows a pair twice or an empty address, or if none is ever shown: API
    servers refuse a list with a repeated pair (ValidateNodeUpdate).
    """
    node = joined(case, launch(case, TWO_CARDS))
    wanted = {a.address for a in node.backing.addresses}
    case.expect("all-addresses", shows(node, wanted), "node-addresses")
    lists = [addresses(state) for state in node.versions()]
    twice = [pairs for pairs in lists if len(pairs) > len(set(pairs))]
    case.expect("no-pair-twice", compared("lists with a pair twice", [], twice))
    empty = [pair for pairs in lists for pair in pairs if not pair[1]]
    case.expect("none-empty", compared("pairs without an address", [], empty))


@requirement("node.addr.hostname-kept")
def test_hostname_is_the_clouds_or_the_kubelets(case: Case) -> None:
    """Refuted if the kubelet's host name goes although the cloud has none, or two are shown."""
    own = Address(AddressType.HOSTNAME, KUBELETS_OWN)
    node = joined(case, shape=NodeShape(addresses=(own,)))
    truth = node.backing.addresses
    case.expect("addresses", shows(node, {a.address for a in truth}), "node-addresses")
    wanted = [a.address for a in truth if a.type == "Hostname"] or [KUBELETS_OWN]
    case.expect(
        "one-hostname",
        node_is(
            node,
            f"Hostname {shown(wanted)}",
            lambda seen: of_type(seen, AddressType.HOSTNAME) == wanted,
        ),
    )


@requirement("node.addr.refresh")
def test_new_addresses_reach_an_initialized_node(case: Case) -> None:
    """Refuted if an address that the instance got later does not appear on its node."""
    node = addressed(case)
    changed = change_addresses(case, node)
    case.expect("new-addresses", shows(node, changed.gained), "node-addresses")


@requirement("node.addr.stale-removed")
def test_lost_addresses_disappear(case: Case) -> None:
    """Refuted if an address that the instance no longer has stays on its node."""
    node = addressed(case)
    changed = change_addresses(case, node)
    case.given("node.addr.refresh", shows(node, changed.gained), "node-addresses")
    case.expect("old-addresses-gone", hides(node, changed.lost), "node-addresses")


@requirement("node.addr.empty-answer-kept")
def test_an_answer_without_addresses_changes_nothing(case: Case) -> None:
    """Refuted if an answer that holds no address wipes or shortens the node's list."""
    node = addressed(case)
    with case.disturb(Fault.NO_ADDRESSES, resource="instance"):
        case.quiet(
            "addresses-kept",
            kept(node),
            keeps_addresses(node),
            witness=refreshed(node, disturbed=True),
            period=case.timing.node_addresses,
        )


@requirement("node.addr.error-kept")
def test_an_error_neither_wipes_addresses_nor_ends_the_refresh(case: Case) -> None:
    """Refuted if an error changes the list, or if no change arrives after it is over."""
    node = addressed(case)
    with case.disturb(Fault.SERVER_ERROR, resource="instance"):
        case.quiet(
            "addresses-kept",
            kept(node),
            keeps_addresses(node),
            witness=refreshed(node, failing=True),
            period=case.timing.node_addresses,
        )
    changed = change_addresses(case, node)
    case.expect("refreshed-again", shows(node, changed.gained), "node-addresses")


@requirement("node.addr.tainted-skipped")
def test_refresh_leaves_tainted_nodes_alone(case: Case) -> None:
    """Refuted if addresses appear on a node while its initialization cannot be written.

    An update is refused, a patch is held: refused, those of the status would go unseen.
    """
    other, instance = addressed(case), launch(case)
    name = instance.node_name
    disturbance = case.kubernetes_disturbance
    with (
        disturbance.refuse(verb="update", resource="nodes", name=name),
        disturbance.hold(verb="patch", resource="nodes", name=name) as held,
    ):
        node = join(case, instance)
        refused = answered(case, 500, name)
        case.observed(
            Condition(
                f"{refused.wanted}, or held",
                lambda: refused.holds() or held.wait_held(0),
                refused.seen,
            ),
            "node-init",
        )
        if case.wait(refused.holds, "event"):
            held.release()
        before = node.addresses
        case.quiet(
            "no-addresses-while-tainted",
            keeps(
                node,
                f"addresses {shown(before)} while it is tainted",
                lambda seen: is_initialized(seen) or addresses(seen) == before,
            ),
            witness=addresses_at_work(other),
            period=case.timing.node_addresses,
        )
        case.observed(unless(initialized(node)))


@requirement("node.addr.dual-stack")
def test_dual_stack_node_shows_both_families(case: Case) -> None:
    """Refuted if a family is missing or the order is not the cloud's."""
    node = joined(case, launch(case, DUAL_STACK))
    truth = [a.address for a in node.backing.addresses if a.type == "InternalIP"]
    case.expect(
        "cloud-order",
        node_is(
            node,
            f"internal addresses {shown(truth)} in this order",
            lambda seen: of_type(seen, AddressType.INTERNAL_IP) == truth,
        ),
        "node-addresses",
    )
    families = sorted({ip_address(address).version for address in truth})
    case.expect("both-families", compared("IP versions", [4, 6], families))


@requirement("node.addr.order-stable")
def test_unchanged_addresses_keep_their_order(case: Case) -> None:
    """Refuted if an unchanged instance's node shows another order or is written at all."""
    other, node = addressed(case), addressed(case, launch(case, TWO_CARDS))
    before = node.addresses
    case.quiet(
        "order-kept",
        keeps(node, "its addresses in their order", lambda seen: addresses(seen) == before),
        untouched(node),
        witness=addresses_at_work(other),
        period=1.5 * case.timing.node_addresses,
    )
