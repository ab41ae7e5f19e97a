from __future__ import annotations

import time
from pathlib import Path

import pytest

from conformance.checks import (
    NODES,
    UNINITIALIZED,
    Acted,
    Case,
    Condition,
    Consulted,
    Invariant,
    Loop,
    Node,
    Sentinel,
    event,
    ghost,
    gone,
    initialized,
    join,
    joined,
    keeps,
    kept,
    lifecycle_at_work,
    looked_up,
    taints,
    touch,
)
from conformance.checks.verdicts import (
    Blocked,
    Refuted,
    SilentlyIgnored,
    StaleDeclaration,
    Undecidable,
)
from conformance.contracts.requirements import Setting
from conformance.environment import DEAD_SUBJECT, KILLED_AT_QUIET, Environment
from conformance.timeline import Gap
from tests.conformance.checks.conftest import REQUIREMENT, world

NEVER = Condition("what never happens", lambda: False, lambda: "nothing of it")
ALWAYS = Condition("what is so", lambda: True, lambda: "it")
PERIOD = 0.02


def stays_tainted(node: Node) -> list[Invariant]:
    return [
        kept(node),
        keeps(node, "tainted", lambda seen: bool(taints(seen, UNINITIALIZED))),
    ]


def test_a_premise_that_does_not_hold_blocks(case: Case) -> None:
    with pytest.raises(Blocked) as caught:
        case.given("some.other", NEVER, "")
    assert caught.value.rests_on == "some.other"


def test_an_expectation_that_does_not_hold_refutes(case: Case) -> None:
    with pytest.raises(Refuted, match=r"^test\.requirement here: wanted what never") as caught:
        case.expect("here", NEVER)
    assert caught.value.expectation == "here"


def test_a_time_out_tells_wanted_seen_budget_and_events(case: Case) -> None:
    node = joined(case)
    case.given("events", event(node, "Synced"), "event")
    wanted = Condition("never", lambda: False, lambda: "something", about=node.key)
    with pytest.raises(Refuted) as caught:
        case.expect("here", wanted)
    assert all(word in caught.value.message for word in ("wanted never", "saw something", "Synced"))


def test_waits_are_recorded_with_budget_and_time(case: Case) -> None:
    node = join(case)
    case.expect("initialized", initialized(node), "node-init")
    wait = case.waits[-1]
    assert (wait.kind, wait.expectation, wait.held) == ("expect", "initialized", True)
    assert 0 <= wait.observed <= wait.budget == case.seconds("node-init")


def test_silence_with_a_witness_decides(case: Case) -> None:
    node = join(case, ghost(case))
    case.quiet("tainted", *stays_tainted(node), witness=looked_up(case, node), period=PERIOD)
    assert case.decisions == 1


def test_silence_without_a_witness_is_no_verdict(case: Case) -> None:
    node = joined(case)
    nobody = Consulted(frozenset({"nobody"}), Loop.NODE_LIFECYCLE, "event")
    case.timing = case.timing.hurried(0.02)
    with pytest.raises(Undecidable, match="no witness"):
        case.quiet("kept", kept(node), witness=nobody, period=PERIOD)


def test_a_call_before_the_window_is_no_witness(case: Case) -> None:
    node = joined(case)
    case.process.kill()
    old = Consulted(node.backing.names, Loop.NODE_INITIALIZATION, "event")
    case.timing = case.timing.hurried(0.02)
    with pytest.raises(Undecidable, match="no witness"):
        case.quiet("kept", kept(node), witness=old, period=PERIOD)
    case.process.start()


def test_a_violation_that_is_undone_at_once_is_seen(case: Case) -> None:
    node = join(case, ghost(case))

    def flicker() -> None:
        case.kube.patch(NODES, node.name, {"spec": {"taints": None}})
        taint = {"key": UNINITIALIZED, "effect": "NoSchedule"}
        case.kube.patch(NODES, node.name, {"spec": {"taints": [taint]}})

    with pytest.raises(Refuted, match="tainted throughout"):
        case.quiet(
            "tainted",
            *stays_tainted(node),
            witness=looked_up(case, node),
            period=PERIOD,
            after=flicker,
        )


def test_a_gap_in_the_window_is_no_verdict(case: Case) -> None:
    node = joined(case)
    gap = Gap(time.monotonic(), "nodes", "410 Expired")
    with pytest.raises(Undecidable, match="was lost in the quiet window"):
        case.quiet(
            "kept",
            kept(node),
            witness=lifecycle_at_work(),
            period=PERIOD,
            after=lambda: case.timeline.append(gap),
        )


def test_a_sentinel_without_effect_blocks(case: Case) -> None:
    node = joined(case)
    case.timing = case.timing.hurried(0.02)
    idle = Sentinel(lambda _: NEVER, "event", rests_on="life.deleted.removed")
    with pytest.raises(Blocked, match="sentinel 1 had no effect") as caught:
        case.quiet("kept", kept(node), witness=idle, period=PERIOD)
    assert caught.value.rests_on == "life.deleted.removed"


def test_an_effect_on_the_same_object_is_a_witness(case: Case) -> None:
    node = joined(case)
    effect = Acted(ALWAYS, "event", rests_on="some.other")
    case.quiet("kept", kept(node), witness=effect, period=PERIOD, after=lambda: touch(case, node))


def test_a_second_object_of_the_name_does_not_revive_the_first(case: Case) -> None:
    first = joined(case)
    deleted = gone(first)
    assert not deleted.holds()
    case.kube.delete(NODES, first.name)
    join(case, first.backing)
    assert deleted.holds()


@pytest.mark.parametrize(
    ("refused", "works", "verdict"),
    [(NEVER, NEVER, SilentlyIgnored), (NEVER, ALWAYS, StaleDeclaration)],
)
def test_a_refusal_that_is_not_visible_has_its_own_verdicts(
    case: Case, refused: Condition, works: Condition, verdict: type[Exception]
) -> None:
    case.timing = case.timing.hurried(0.01)
    with pytest.raises(verdict):
        case.refusal("asked", refused=refused, works=works, budget="event")


def test_a_visible_refusal_returns(case: Case) -> None:
    case.refusal("asked", refused=ALWAYS, works=NEVER, budget="event")


@pytest.mark.parametrize("canary", [DEAD_SUBJECT, KILLED_AT_QUIET])
def test_a_subject_that_cannot_act_has_no_quiet_verdict(tmp_path: Path, canary: str) -> None:
    environment = Environment(world(tmp_path, canary), Setting.DEFAULT)
    try:
        case = Case(REQUIREMENT, environment)
        node = join(case, ghost(case))
        with pytest.raises(Undecidable):
            case.quiet("tainted", kept(node), witness=looked_up(case, node), period=PERIOD)
        assert not case.close()
    finally:
        environment.close()


def test_closing_leaves_neither_node_nor_instance(environment: Environment) -> None:
    case = Case(REQUIREMENT, environment)
    nodes = [joined(case) for _ in range(2)]
    assert not case.close()
    assert not environment.cluster().kube.list(NODES)["items"]
    assert all(case.cloud.get(node.backing.id) is None for node in nodes)
