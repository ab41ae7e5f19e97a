"""Nodes go when their instance is gone for good, each for itself and for no other reason."""

from __future__ import annotations

from functools import partial

from conformance.checks import (
    FINALIZER,
    Acted,
    Case,
    Condition,
    Node,
    NodeShape,
    StateExample,
    event,
    ghost,
    gone,
    join,
    joined,
    kept,
    lifecycle_at_work,
    lose_instance,
    node_is,
    requirement,
    set_ready,
    terminate,
)


@requirement("life.deleted.removed")
def test_node_of_a_deleted_instance_is_removed(case: Case) -> None:
    """Refuted if the node of an instance that is gone stays."""
    node = joined(case)
    lose_instance(case, node)
    case.expect("removed", gone(node), "node-removal")


@requirement("life.deleted.event")
def test_removal_is_recorded_as_an_event(case: Case) -> None:
    """Refuted if no `DeletingNode` event tells of this very object."""
    node = joined(case)
    uid = node.uid
    lose_instance(case, node)
    case.given("life.deleted.removed", gone(node), "node-removal")
    told = event(node, "DeletingNode", source="cloud-node-lifecycle-controller", uid=uid)
    case.expect("deleting-event", told, "event")


@requirement("life.deleted.only-that-one")
def test_removal_takes_no_other_node_along(case: Case) -> None:
    """Refuted if a node whose instance exists goes with that of an instance that ended."""
    ended, *others = [joined(case) for _ in range(3)]
    for node in (ended, *others):
        set_ready(case, node, ready=None)
    case.quiet(
        "others-kept",
        *(kept(node) for node in others),
        witness=Acted(gone(ended), "node-removal", rests_on="life.deleted.removed"),
        period=case.timing.node_monitor,
        after=lambda: terminate(case, ended),
    )


@requirement("life.ready-never-deleted")
def test_ready_node_is_kept_whatever_the_cloud_says(case: Case) -> None:
    """Refuted if a node that reports Ready is deleted."""
    node = joined(case)
    case.quiet(
        "kept",
        kept(node),
        witness=lifecycle_at_work(),
        period=case.timing.node_monitor,
        after=lambda: terminate(case, node),
    )


@requirement("life.terminating-states")
def test_every_state_counts_as_the_cloud_means_it(case: Case) -> None:
    """Refuted if a passing state removes the node, or a final one keeps it."""
    states = case.control.limit_states()
    names = ", ".join(state.name for state in states)
    case.observed(
        Condition("the adapter names further states", lambda: bool(states), lambda: names)
    )
    for state in states:
        node = joined(case)
        set_ready(case, node, ready=None)
        enter = partial(_enter, case, node, state)
        if state.exists:
            case.quiet(
                f"kept-while-{state.name}",
                kept(node),
                witness=lifecycle_at_work(),
                period=case.timing.node_monitor,
                after=enter,
            )
        else:
            enter()
            case.expect(f"removed-when-{state.name}", gone(node), "node-removal")


@requirement("life.uninitialized.gone")
def test_uninitialized_node_without_instance_is_removed(case: Case) -> None:
    """Refuted if the taint protects a node whose instance died before it was described."""
    node = join(case, ghost(case), NodeShape(ready=False))
    case.expect("removed", gone(node), "node-removal")


@requirement("life.finalizer-held")
def test_a_held_node_does_not_stop_the_others(case: Case) -> None:
    """Refuted if other nodes are not removed while a finalizer keeps a node without instance."""
    held = joined(case, shape=NodeShape(finalizers=(FINALIZER,)))
    others = [joined(case), joined(case)]
    lose_instance(case, held)
    terminating = node_is(
        held, "deletionTimestamp", lambda seen: bool(seen["metadata"].get("deletionTimestamp"))
    )
    case.given("life.deleted.removed", terminating, "node-removal")
    for node in others:
        lose_instance(case, node)
        case.expect("other-removed", gone(node), "node-removal")
    case.observed(terminating)


def _enter(case: Case, node: Node, state: StateExample) -> None:
    case.step(f"instance {node.backing.id} becomes {state.name}")
    state.enter(node.backing.id)
