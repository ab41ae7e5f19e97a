"""The provider id: the cloud's own, found without help, kept when preset, never another's."""

from __future__ import annotations

import re

from conformance.checks import (
    ZONE,
    Case,
    NodeShape,
    addresses,
    gone,
    initialization_at_work,
    initialized,
    is_initialized,
    join,
    joined,
    keeps,
    kept,
    labelled,
    launch,
    node_is,
    provider_id,
    remove,
    replace,
    requirement,
    shown,
    topology_labels,
    touch,
)

SHAPE = re.compile(r"(?P<scheme>[^\s:/]+)://\S+")
"""`<ProviderName()>://<instance id>` (k8s.io/cloud-provider cloud.go GetInstanceProviderID)."""


@requirement("node.init.provider-id-set")
def test_provider_id_is_the_clouds_own(case: Case) -> None:
    """Refuted if a node carries another id than the cloud gives its own instance."""
    nodes = [join(case), join(case)]
    for node in nodes:
        case.given("node.init.taint-removed", initialized(node), "node-init")
    for node in nodes:
        case.expect("id-of-its-instance", node.provider_id == node.backing.provider_id)


@requirement("node.init.provider-id-before-untaint")
def test_provider_id_is_never_missing_without_the_taint(case: Case) -> None:
    """Refuted by any state of the watch that shows neither the taint nor a provider id."""
    node = joined(case)
    bare = [seen for seen in node.versions() if is_initialized(seen) and not provider_id(seen)]
    case.expect("never-bare", not bare)


@requirement("node.init.provider-id-preset-kept")
def test_preset_provider_id_decides_the_lookup(case: Case) -> None:
    """Refuted if the id is altered, or the node is described by what its name matches."""
    named, meant = launch(case), launch(case)
    node = joined(case, named, NodeShape(provider_id=meant.provider_id))
    case.expect("id-unchanged", node.provider_id == meant.provider_id)
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


@requirement("node.init.provider-id-format")
def test_provider_ids_share_one_shape(case: Case) -> None:
    """Refuted if an id has no scheme, or a scheme that differs from the adapter's own."""
    nodes = [joined(case), joined(case)]
    matches = [SHAPE.fullmatch(node.provider_id) for node in nodes]
    case.expect("has-shape", all(matches))
    own = SHAPE.fullmatch(nodes[0].backing.provider_id)
    schemes = {found["scheme"] for found in [*matches, own] if found}
    case.expect("one-scheme", len(schemes) == 1)


@requirement("node.init.provider-id-unique")
def test_provider_ids_are_distinct(case: Case) -> None:
    """Refuted if two instances share an id."""
    nodes = [join(case) for _ in range(3)]
    for node in nodes:
        case.given("node.init.taint-removed", initialized(node), "node-init")
    ids = {node.provider_id for node in nodes}
    case.expect("distinct", len(ids) == len(nodes) and "" not in ids)


@requirement("node.init.lookup-without-provider-id")
def test_instance_is_found_without_provider_id(case: Case) -> None:
    """Refuted if a node that registers with nothing but its name is not matched."""
    node = join(case, shape=NodeShape(addresses=()))
    case.expect("initialized", initialized(node), "node-init")
    case.expect("id-of-its-instance", node.provider_id == node.backing.provider_id)


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
    case.expect("same-facts", before == after)


@requirement("node.init.name-reuse")
def test_new_instance_under_an_old_name_is_seen(case: Case) -> None:
    """Refuted if the new node carries anything of the dead instance."""
    old = joined(case)
    remove(case, old.name)
    case.observed(gone(old), "event")
    node = joined(case, replace(case, old.backing))
    case.expect("new-id", node.provider_id == node.backing.provider_id)
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
    if node.backing.zone:
        zone = labelled(node, ZONE[:1], node.backing.zone)
        case.expect("new-zone", zone, "node-labels")


@requirement("node.init.not-managed")
def test_unmanaged_node_is_not_claimed(case: Case) -> None:
    """Refuted if a node that the provider's cloud does not manage gets an id of it."""
    node = join(case, shape=NodeShape(unmanaged=True))
    case.quiet(
        "not-claimed",
        kept(node),
        keeps(node, "no provider id", lambda seen: not provider_id(seen)),
        witness=initialization_at_work(),
        period=case.timing.node_reaction,
        after=lambda: touch(case, node),
    )
