"""The uninitialized taint: who loses it, who keeps it, and what else stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conformance.checks import (
    FINALIZER,
    UNINITIALIZED,
    Case,
    Fault,
    Invariant,
    JsonObject,
    Loop,
    Node,
    NodeShape,
    addressed,
    compared,
    event,
    ghost,
    initialization_at_work,
    initialized,
    join,
    joined,
    keeps,
    kept,
    launch,
    looked_up,
    node_is,
    other_taints,
    provider_id,
    refused,
    requirement,
    taints,
    topology_labels,
    touch,
    unless,
)

OPERATOR_TAINTS = (
    {"key": "example.org/reserved", "value": "batch", "effect": "NoSchedule"},
    {"key": "example.org/reserved", "value": "batch", "effect": "PreferNoSchedule"},
    {"key": "example.org/draining", "value": "soon", "effect": "NoSchedule"},
    {"key": "example.org/evicting", "value": "now", "effect": "NoExecute"},
)
ERRORS = (Fault.SERVER_ERROR, Fault.DENIED, Fault.TIMEOUT, Fault.MALFORMED)
"""What is not on offer is left out. No throttling: it makes controllers slow for a while."""

REPORTED = ("allocatable", "capacity", "daemonEndpoints", "nodeInfo")
"""What a kubelet says of its machine in the status when it registers."""


def stays_tainted(node: Node) -> tuple[Invariant, ...]:
    """Invariants of a node that must not be released."""
    return (
        kept(node),
        keeps(node, f"taint {UNINITIALIZED}", lambda seen: bool(taints(seen, UNINITIALIZED))),
        keeps(node, "no provider id", lambda seen: not provider_id(seen)),
    )


@requirement("node.init.taint-removed")
def test_uninitialized_taint_is_removed(case: Case) -> None:
    """Refuted if the taint stays in any form, whatever its effect and value."""
    second_copy = {"key": UNINITIALIZED, "effect": "NoExecute"}
    node = join(case, shape=NodeShape(taints=(second_copy,)))
    case.expect("taint-removed", initialized(node), "node-init")


@requirement("node.init.other-taints-kept")
def test_other_taints_survive_initialization(case: Case) -> None:
    """Refuted if any taint of an operator is lost or altered."""
    node = joined(case, shape=NodeShape(taints=OPERATOR_TAINTS))
    left = other_taints(node.present, UNINITIALIZED)
    lost = [taint for taint in OPERATOR_TAINTS if taint not in left]
    case.expect("operator-taints-kept", compared("taints that are lost or altered", [], lost))


@requirement("node.init.metadata-kept")
def test_initialization_keeps_metadata_and_spec(case: Case) -> None:
    """Refuted if labels, annotations, finalizers, pod address ranges or the cordon of a user are
    lost, or anything of what the kubelet reported.
    """
    shape = NodeShape(
        labels={"example.org/team": "blue"},
        annotations={"example.org/note": "kept"},
        pod_cidrs=("10.244.7.0/24",),
        finalizers=(FINALIZER,),
        unschedulable=True,
    )
    node = addressed(case, shape=shape)
    case.expect("labels-kept", node_is(node, "user label", _has("labels", shape.labels)))
    case.expect(
        "annotations-kept", node_is(node, "annotation", _has("annotations", shape.annotations))
    )
    finalizers = node.present["metadata"].get("finalizers")
    case.expect("finalizers-kept", compared("finalizers", list(shape.finalizers), finalizers))
    spec = node.present["spec"]
    cidrs = compared("podCIDRs", list(shape.pod_cidrs), spec.get("podCIDRs"))
    case.expect("pod-cidrs-kept", cidrs)
    case.expect("cordon-kept", compared("unschedulable", True, spec.get("unschedulable")))
    first, last = (_reported(state) for state in (node.versions()[0], node.present))
    case.expect("status-kept", compared("what the kubelet reported:", first, last))


@requirement("node.init.event")
def test_initialization_is_recorded_as_an_event(case: Case) -> None:
    """Refuted if no `Synced` event about the node appears."""
    node = joined(case)
    case.expect("synced-event", event(node, "Synced", source="cloud-node-controller"), "event")


@requirement("node.init.missing-instance-keeps-taint")
def test_node_without_instance_keeps_its_taint(case: Case) -> None:
    """Refuted if the node is released or named although no instance stands behind it."""
    node = join(case, ghost(case))
    case.quiet(
        "taint-kept",
        *stays_tainted(node),
        witness=looked_up(case, node),
        period=case.timing.node_reaction,
    )


@requirement("node.init.cloud-error-keeps-taint")
def test_cloud_error_keeps_the_taint(case: Case) -> None:
    """Refuted if an error releases the node, or if it is not initialized after recovery."""
    for fault in [one for one in ERRORS if one in case.faults]:
        with case.disturb(fault, resource="instance"):
            node = join(case)
            case.quiet(
                f"taint-kept-on-{fault}",
                *stays_tainted(node),
                witness=looked_up(case, node, failing=True),
                period=case.timing.node_reaction,
            )
        touch(case, node)
        case.expect(f"initialized-after-{fault}", initialized(node), "retry")


@requirement("node.init.untainted-ignored")
def test_node_without_the_taint_is_left_alone(case: Case) -> None:
    """Refuted if a node that nobody asked to initialize gets an id or topology labels."""
    node = join(case, shape=NodeShape(tainted=False))
    case.quiet(
        "left-alone",
        kept(node),
        keeps(node, "no provider id", lambda seen: not provider_id(seen)),
        keeps(node, "no topology label", lambda seen: not topology_labels(seen)),
        witness=initialization_at_work(),
        period=case.timing.node_reaction,
        after=lambda: touch(case, node),
    )


@requirement("node.init.isolation")
def test_a_broken_lookup_does_not_hold_up_others(case: Case) -> None:
    """Refuted if a node waits because the lookup of another one always fails."""
    broken = launch(case)
    with case.disturb(Fault.SERVER_ERROR, resource="instance", about=broken.names):
        stuck = join(case, broken)
        case.observed(refused(case, stuck, Loop.NODE_INITIALIZATION), "retry")
        other = join(case)
        case.expect("other-initialized", initialized(other), "node-init")
        case.expect("still-disturbed", unless(initialized(stuck)))


def _reported(node: JsonObject) -> JsonObject:
    return {field: node["status"].get(field) for field in REPORTED}


def _has(field: str, wanted: Mapping[str, str]) -> Callable[[JsonObject], bool]:
    return lambda seen: wanted.items() <= seen["metadata"].get(field, {}).items()
