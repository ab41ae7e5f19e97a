"""A stopped instance: its node stays, is marked, and is unmarked when the machine is back."""

from __future__ import annotations

from collections.abc import Callable

from conformance.checks import (
    NODES,
    SHUTDOWN,
    Acted,
    Case,
    Condition,
    Fault,
    JsonObject,
    Node,
    NodeShape,
    addressed,
    compared,
    first_write_held,
    gone,
    joined,
    keeps,
    kept,
    monitored,
    node_is,
    other_taints,
    requirement,
    set_ready,
    shown,
    start_instance,
    stop_instance,
    tainted,
    taints,
    terminate,
    untainted,
    untouched,
)

MONITOR_PERIODS = 5
"""Rounds of the lifecycle loop through which a node with a lasting state is watched."""

RESERVED = {"key": "example.org/reserved", "value": "batch", "effect": "NoSchedule"}
WHILE_ADDING = {"key": "example.org/draining", "value": "soon", "effect": "NoSchedule"}
WHILE_REMOVING = {"key": "example.org/updating", "value": "now", "effect": "PreferNoSchedule"}


def shut_down(case: Case) -> Node:
    """A node that carries the shutdown taint, because its instance is stopped."""
    node = joined(case)
    stop_instance(case, node)
    case.given("life.shutdown.tainted", tainted(node, SHUTDOWN), "node-taint")
    return node


@requirement("life.shutdown.kept")
def test_node_of_a_stopped_instance_stays(case: Case) -> None:
    """Refuted if stopping an instance removes its node."""
    node = joined(case)
    case.quiet(
        "kept",
        kept(node),
        witness=Acted(tainted(node, SHUTDOWN), "node-taint", rests_on="life.shutdown.tainted"),
        period=case.timing.node_monitor,
        after=lambda: stop_instance(case, node),
    )


@requirement("life.shutdown.tainted")
def test_node_of_a_stopped_instance_is_tainted(case: Case) -> None:
    """Refuted if the taint is missing, is there twice, or has another effect or a value."""
    node = joined(case)
    stop_instance(case, node)
    case.expect("tainted", tainted(node, SHUTDOWN), "node-taint")
    case.expect("once", node_is(node, "one taint", lambda n: len(taints(n, SHUTDOWN)) == 1))
    (taint,) = taints(node.present, SHUTDOWN)
    case.expect("no-schedule", compared("effect", "NoSchedule", taint["effect"]))
    case.expect("no-value", compared("value", "", taint.get("value", "")))


@requirement("life.shutdown.idempotent")
def test_a_stopped_instance_is_marked_once(case: Case) -> None:
    """Refuted if a later round adds a second taint or writes the node at all."""
    node = shut_down(case)
    case.quiet(
        "nothing-written",
        keeps(node, "one shutdown taint", lambda seen: len(taints(seen, SHUTDOWN)) == 1),
        untouched(node),
        witness=monitored(node),
        period=case.timing.node_monitor * MONITOR_PERIODS / 2,
    )


@requirement("life.shutdown.taint-cleared")
def test_taint_goes_when_the_node_is_back(case: Case) -> None:
    """Refuted if a node that is Ready on a running instance stays tainted."""
    node = shut_down(case)
    start_instance(case, node)
    case.expect("taint-cleared", untainted(node, SHUTDOWN), "node-taint")


@requirement("life.shutdown.other-taints-kept")
def test_other_taints_survive_both_changes(case: Case) -> None:
    """Refuted if a taint is lost that was there before or was added at the same moment."""
    node = addressed(case, shape=NodeShape(taints=(RESERVED,)))
    overtaken(case, node, lambda: stop_instance(case, node), WHILE_ADDING)
    case.expect("tainted", tainted(node, SHUTDOWN), "node-taint")
    case.expect("kept-when-added", has_others(node, RESERVED, WHILE_ADDING))
    overtaken(case, node, lambda: start_instance(case, node), WHILE_REMOVING)
    case.expect("cleared", untainted(node, SHUTDOWN), "node-taint")
    case.expect("kept-when-removed", has_others(node, RESERVED, WHILE_ADDING, WHILE_REMOVING))


@requirement("life.shutdown.then-deleted")
def test_node_goes_when_a_stopped_instance_is_deleted(case: Case) -> None:
    """Refuted if a node that is marked as shut down outlives its instance."""
    node = shut_down(case)
    terminate(case, node)
    case.expect("removed", gone(node), "node-removal")


@requirement("life.shutdown.error")
def test_an_unknown_power_state_changes_nothing(case: Case) -> None:
    """Refuted if an error of the power question taints or removes a running instance's node."""
    node = joined(case)
    set_ready(case, node, ready=None)
    with case.disturb(Fault.POWER_STATE, about=node.backing.names):
        case.quiet(
            "unchanged",
            kept(node),
            keeps(node, f"no taint {SHUTDOWN}", lambda seen: not taints(seen, SHUTDOWN)),
            witness=monitored(node, failing=True),
            period=case.timing.node_monitor,
        )


def overtaken(case: Case, node: Node, change: Callable[[], None], taint: JsonObject) -> None:
    """Add a taint while the write by which the subject answers `change` is on its way."""
    with first_write_held(case, "nodes", node.name) as held:
        change()
        held.wait("node-taint")
        present = case.kube.get(NODES, node.name)["spec"].get("taints", [])
        case.kube.patch(NODES, node.name, {"spec": {"taints": [*present, taint]}})
        held.release()


def has_others(node: Node, *wanted: JsonObject) -> Condition:
    """Beside the shutdown taint the node has these, each once, and no other."""
    ordered = sorted(wanted, key=str)
    return node_is(
        node,
        f"taints {shown(ordered)}",
        lambda seen: sorted(other_taints(seen, SHUTDOWN), key=str) == ordered,
    )
