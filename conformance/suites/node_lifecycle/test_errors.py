"""Trouble of the cloud or of the Kubernetes API: no node goes for it, no dead node stays for it."""

from __future__ import annotations

from conformance.checks import (
    Case,
    Fault,
    Loop,
    NodeShape,
    compared,
    event,
    gone,
    join,
    joined,
    kept,
    launch,
    lose_instance,
    monitored,
    refused,
    requirement,
    set_ready,
)

ERRORS = (
    Fault.SERVER_ERROR,
    Fault.DENIED,
    Fault.TIMEOUT,
    Fault.MALFORMED,
    Fault.THROTTLED,
)
"""What is not on offer is left out. Throttling last: it makes controllers slow for a while."""

REFUSALS = (403, 500)
"""HTTP statuses: an admission webhook says no, the API server fails."""

MONITOR_PERIODS = 5
"""Rounds of the lifecycle loop for which trouble lasts."""


@requirement("life.error.not-deleted")
def test_no_error_removes_a_node(case: Case) -> None:
    """Refuted if any kind of error is taken for "not found"."""
    node = joined(case)
    set_ready(case, node, ready=None)
    for fault in ERRORS:
        if fault in case.faults:
            with case.disturb(fault, resource="instance"):
                case.quiet(
                    f"kept-on-{fault}",
                    kept(node),
                    witness=monitored(node, failing=True),
                    period=case.timing.node_monitor * MONITOR_PERIODS / 2,
                )


@requirement("life.error.empty-list")
def test_an_empty_list_removes_nobody(case: Case) -> None:
    """Refuted if any node goes because a list is empty."""
    nodes = [joined(case) for _ in range(3)]
    for node in nodes:
        set_ready(case, node, ready=None)
    with case.disturb(Fault.EMPTY_LIST, resource="instance"):
        case.quiet(
            "all-kept",
            *(kept(node) for node in nodes),
            witness=monitored(*nodes),
            period=case.timing.node_monitor * MONITOR_PERIODS / 2,
        )


@requirement("life.error.isolation")
def test_an_error_about_one_node_leaves_others_their_turn(case: Case) -> None:
    """Refuted if a node is not removed because the question about another one fails."""
    broken, ended = joined(case), joined(case)
    uid = broken.uid
    with case.disturb(Fault.SERVER_ERROR, resource="instance", about=broken.backing.names):
        set_ready(case, broken, ready=None)
        case.observed(refused(case, broken, Loop.NODE_LIFECYCLE), "retry")
        lose_instance(case, ended)
        case.expect("other-removed", gone(ended), "node-removal")
        case.expect("disturbed-one-kept", compared("uid of the disturbed node", uid, broken.uid))


@requirement("life.error.recovers")
def test_removal_goes_on_after_an_error(case: Case) -> None:
    """Refuted if a node stays because its instance could not be looked up before."""
    node = joined(case)
    with case.disturb(Fault.SERVER_ERROR, resource="instance"):
        lose_instance(case, node)
        case.observed(refused(case, node, Loop.NODE_LIFECYCLE), "retry")
    case.expect("removed-after-error", gone(node), "node-removal")


@requirement("life.fresh-instance")
def test_an_instance_that_is_not_listed_yet_keeps_its_node(case: Case) -> None:
    """Refuted if a young node goes because lists do not show its instance."""
    instance = launch(case)
    shape = NodeShape(tainted=False, provider_id=instance.provider_id, ready=False)
    with case.disturb(Fault.EMPTY_LIST, resource="instance"):
        node = join(case, instance, shape)
        case.quiet("kept", kept(node), witness=monitored(node), period=case.timing.node_monitor)


@requirement("life.delete-failure")
def test_a_refused_deletion_is_told_and_tried_again(case: Case) -> None:
    """Refuted if no Warning tells of the refusal, or the node stays after it is lifted."""
    disturbance = case.kubernetes_disturbance
    for code in REFUSALS:
        node = joined(case)
        with disturbance.refuse(verb="delete", resource="nodes", name=node.name, code=code):
            lose_instance(case, node)
            warning = event(node, "DeletingNodeFailed", "Warning", uid=node.uid)
            case.expect(f"warning-event-on-{code}", warning, "node-removal")
        case.expect(f"tried-again-after-{code}", gone(node), "node-removal")
