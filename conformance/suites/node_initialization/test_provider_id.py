"""The provider id: the cloud's own, found without help, kept when preset, never another's."""

from __future__ import annotations

import re

from conformance.checks import (
    UNINITIALIZED,
    Case,
    Condition,
    Instance,
    InstanceShape,
    Node,
    NodeShape,
    addresses,
    compared,
    describes,
    every,
    gone,
    initialization_at_work,
    initialized,
    is_initialized,
    join,
    joined,
    keeps,
    kept,
    launch,
    node_is,
    provider_id,
    remove,
    replace,
    requirement,
    shown,
    standing,
    taints,
    topology_labels,
    touch,
)

FOREIGN = "another-cloud://region-1/machine-1"

SHAPE = re.compile(r"(?P<scheme>[^\s:/]+)://\S+")
"""`<ProviderName()>://<instance id>` (k8s.io/cloud-provider cloud.go GetInstanceProviderID)."""


@requirement("node.init.provider-id-set")
def test_provider_id_is_the_clouds_own(case: Case) -> None:
    """Refuted if a node carries another id than the cloud gives its own instance."""
    nodes = [join(case), join(case)]
    for node in nodes:
        case.given("node.init.taint-removed", initialized(node), "node-init")
    for node in nodes:
        case.expect("id-of-its-instance", has_id_of(node, node.backing))


@requirement("node.init.provider-id-before-untaint")
def test_provider_id_is_never_missing_without_the_taint(case: Case) -> None:
    """Refuted by any state of the watch that shows neither the taint nor a provider id."""
    node = joined(case)
    bare = [seen for seen in node.versions() if is_initialized(seen) and not provider_id(seen)]
    case.expect("never-bare", compared("states with neither taint nor id", [], bare))


@requirement("node.init.provider-id-preset-kept")
def test_preset_provider_id_decides_the_lookup(case: Case) -> None:
    """Refuted if the id is altered, or the node is described by what its name matches."""
    named, meant = launch(case), launch(case, InstanceShape(zone=1))
    node = joined(case, named, NodeShape(provider_id=meant.provider_id))
    case.expect("id-unchanged", has_id_of(node, meant))
    case.expect("labels-of-that-instance", describes(node, meant), "node-labels")
    internal = {a.address for a in meant.addresses if a.type == "InternalIP"}
    case.expect(
        "addresses-of-that-instance",
        node_is(
            node,
            "internal addresses of the instance that the id names",
            lambda seen: {a for t, a in addresses(seen) if t == "InternalIP"} == internal,
        ),
        "node-addresses",
    )


@requirement("node.init.provider-id-present")
def test_an_initialized_node_has_a_provider_id(case: Case) -> None:
    """Refuted if a node that is free of the taint has no provider id."""
    nodes = standing(case)
    case.expect("present", every(nodes, "a provider id", lambda seen: bool(provider_id(seen))))


@requirement("node.init.provider-id-format")
def test_provider_ids_share_one_shape(case: Case) -> None:
    """Refuted if an id has no scheme, or two nodes have different ones."""
    ids = [node.provider_id for node in standing(case)]
    odd = [one for one in ids if not SHAPE.fullmatch(one)]
    case.expect("has-shape", compared("ids without scheme and rest", [], odd))
    schemes = {one.partition(":")[0] for one in ids}
    case.expect("one-scheme", compared("number of schemes", 1, len(schemes)))


@requirement("node.init.provider-id-unique")
def test_provider_ids_are_distinct(case: Case) -> None:
    """Refuted if two instances share an id."""
    ids = [node.provider_id for node in standing(case, make=3)]
    case.observed(Condition("two nodes at least", lambda: len(ids) > 1, lambda: str(len(ids))))
    twice = [one for one in ids if not one or ids.count(one) > 1]
    case.expect("distinct", compared("empty or repeated ids", [], twice))


@requirement("node.init.lookup-without-provider-id")
def test_instance_is_found_without_provider_id(case: Case) -> None:
    """Refuted if a node that registers with nothing but its name is not matched."""
    node = join(case, shape=NodeShape(addresses=()))
    case.expect("initialized", initialized(node), "node-init")
    case.expect("id-of-its-instance", has_id_of(node, node.backing))


@requirement("node.init.reregistration")
def test_reregistered_node_is_initialized_again(case: Case) -> None:
    """Refuted if the second object stays tainted or is described differently."""
    first = joined(case)
    before = (first.provider_id, topology_labels(first.present))
    remove(case, first.name)
    case.observed(gone(first), "event")
    second = join(case, first.backing)
    case.expect("initialized-again", initialized(second), "node-init")
    after = (second.provider_id, topology_labels(second.present))
    case.expect("same-facts", compared("id and labels", before, after))


@requirement("node.init.name-reuse")
def test_new_instance_under_an_old_name_is_seen(case: Case) -> None:
    """Refuted if the new node carries anything of the dead instance."""
    old = joined(case)
    remove(case, old.name)
    case.observed(gone(old), "event")
    node = joined(case, replace(case, old.backing))
    case.expect("new-id", has_id_of(node, node.backing))
    case.expect("new-labels", describes(node, node.backing), "node-labels")
    wanted = {a.address for a in node.backing.addresses}
    dead = {a.address for a in old.backing.addresses} - wanted
    case.expect(
        "new-addresses",
        node_is(
            node,
            f"addresses {shown(sorted(wanted))} and none of {shown(sorted(dead))}",
            lambda seen: wanted <= (found := {a for _, a in addresses(seen)}) and not dead & found,
        ),
        "node-addresses",
    )


@requirement("node.init.not-managed")
def test_unmanaged_node_is_not_claimed(case: Case) -> None:
    """Refuted if a node that the provider's cloud does not manage gets an id or labels of it, or
    loses the taint.
    """
    not_claimed(case, "not-claimed", NodeShape(unmanaged=True))
    not_claimed(case, "foreign-not-claimed", NodeShape(provider_id=FOREIGN))


def not_claimed(case: Case, expectation: str, shape: NodeShape) -> None:
    """Decide that nobody initializes a node that registers like this."""
    node = join(case, shape=shape)
    case.quiet(
        expectation,
        kept(node),
        keeps(node, f"taint {UNINITIALIZED}", lambda seen: bool(taints(seen, UNINITIALIZED))),
        keeps(
            node,
            f"provider id {shape.provider_id!r}",
            lambda seen: provider_id(seen) == shape.provider_id,
        ),
        keeps(node, "no topology label", lambda seen: not topology_labels(seen)),
        witness=initialization_at_work(),
        period=case.timing.node_reaction,
        after=lambda: touch(case, node),
    )


def has_id_of(node: Node, instance: Instance) -> Condition:
    """The node's provider id is the one that the cloud gives this instance."""
    return compared("provider id", instance.provider_id, node.provider_id)
