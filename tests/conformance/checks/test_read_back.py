"""An adapter that lies: what it did not do is its error, and nobody's failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from conformance.checks import (
    Case,
    NodeShape,
    change_addresses,
    join,
    joined,
    launch,
    lose_instance,
    set_ready,
    start_instance,
    stop_instance,
)
from conformance.checks import replace as replaced
from conformance.checks.clean_up import Made
from conformance.checks.conditions import Condition
from conformance.checks.verdicts import Blocked, Refuted
from conformance.contracts.instances import StateExample
from conformance.contracts.providers import Offer
from conformance.environment import Environment
from conformance.errors import AdapterBroken
from tests.conformance.checks.conftest import REQUIREMENT

NEVER = Condition("what never happens", lambda: False, lambda: "nothing of it")


class Liar:
    """Everything as the honest part does it, but for these calls."""

    def __init__(self, honest: object, **lies: Any) -> None:
        self._honest = honest
        self._lies = lies

    def __getattr__(self, name: str) -> Any:
        return self._lies[name] if name in self._lies else getattr(self._honest, name)


Lie = Callable[..., Case]


@pytest.fixture
def lying(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Lie:
    """A case whose offer lies in one part: `lying("control", stop=lambda id_: None)`."""
    honest = environment.offer(REQUIREMENT.subject)

    def lie(part: str, **lies: Any) -> Case:
        liar: Any = Liar(getattr(honest, part), **lies)
        offer: Offer = replace(honest, **{part: liar})
        monkeypatch.setattr(environment, "offer", lambda _: offer)
        case = Case(REQUIREMENT, environment)
        case.timing = replace(case.timing, budgets={"event": 0.2})
        return case

    return lie


def nothing(*_: object) -> None:
    return None


def raising(*_: object) -> None:
    raise AttributeError("no such thing")


def test_an_instance_that_is_not_there_was_not_created(lying: Lie) -> None:
    case = lying("instances", get=nothing)
    with pytest.raises(AdapterBroken, match="create had no effect: wanted running, saw no inst"):
        launch(case)


def test_a_stop_without_effect_is_told(lying: Lie) -> None:
    case = lying("control", stop=nothing)
    node = joined(case)
    with pytest.raises(AdapterBroken, match="stop had no effect: wanted stopped, saw running"):
        stop_instance(case, node)
    assert not case.close()


def test_a_start_without_effect_is_told(lying: Lie) -> None:
    case = lying("control", start=nothing)
    node = joined(case)
    stop_instance(case, node)
    with pytest.raises(AdapterBroken, match="start had no effect: wanted running, saw stopped"):
        start_instance(case, node)


def test_a_termination_without_effect_is_told_and_leaks(lying: Lie) -> None:
    case = lying("control", terminate=nothing)
    node = joined(case)
    with pytest.raises(AdapterBroken, match="terminate had no effect: wanted no instance"):
        lose_instance(case, node)
    assert [leak.ours for leak in case.close()] == [True]


def test_a_replacement_by_itself_is_none(lying: Lie) -> None:
    case = lying("control")
    instance = launch(case)
    case = lying("control", replace=lambda _: instance)
    with pytest.raises(AdapterBroken, match="replace had no effect: wanted another instance"):
        replaced(case, instance)


def test_addresses_that_stay_were_not_changed(lying: Lie) -> None:
    case = lying("control", change_addresses=nothing)
    node = joined(case)
    with pytest.raises(AdapterBroken, match="change_addresses had no effect"):
        change_addresses(case, node)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (StateExample("stopping", True, nothing), "wanted stopping, saw running"),
        (StateExample("retired", False, nothing), "wanted exists=False, saw running"),
    ],
)
def test_a_state_that_is_not_entered_is_told(lying: Lie, state: StateExample, told: str) -> None:
    case = lying("control", limit_states=lambda: [state])
    instance = launch(case)
    with pytest.raises(AdapterBroken, match=f"enter of state {state.name} had no effect: {told}"):
        case.control.limit_states()[0].enter(instance.id)


def test_a_node_that_does_not_register_was_not_joined(lying: Lie) -> None:
    case = lying("kubelet", join=nothing)
    with pytest.raises(AdapterBroken, match=r"join had no effect: .* saw no node"):
        join(case)


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        (NodeShape(), "taint"),
        (NodeShape(tainted=False, provider_id="fake://x"), "provider id"),
        (NodeShape(tainted=False, provided_ip="10.0.0.9"), "annotations"),
        (NodeShape(tainted=False, labels={"a": "b"}), "labels"),
    ],
)
def test_a_node_that_registers_otherwise_was_not_joined(
    lying: Lie, environment: Environment, shape: NodeShape, what: str
) -> None:
    kubelet = environment.offer(REQUIREMENT.subject).kubelet
    assert kubelet is not None

    def join_bare(name: str, asked: NodeShape) -> None:
        labels = {key: value for key, value in asked.labels.items() if key not in shape.labels}
        kubelet.join(name, NodeShape(tainted=False, labels=labels))

    case = lying("kubelet", join=join_bare)
    with pytest.raises(AdapterBroken, match=f"join had no effect: .* saw another .*{what}"):
        join(case, shape=shape)
    assert not case.close()


def test_readiness_that_is_not_written_is_told(lying: Lie) -> None:
    case = lying("kubelet", set_ready=nothing)
    node = joined(case)
    with pytest.raises(AdapterBroken, match=r"set_ready had no effect: .* Unknown, saw True"):
        set_ready(case, node, ready=None)


@pytest.mark.parametrize("call", ["stop", "kill"])
def test_a_process_that_lives_on_was_not_ended(lying: Lie, call: str) -> None:
    case = lying("process", **{call: nothing})
    with pytest.raises(AdapterBroken, match=rf"process\.{call} had no effect: .* saw alive"):
        getattr(case.process, call)()


@pytest.mark.parametrize(
    ("part", "call"), [("control", "create"), ("instances", "get"), ("kubelet", "join")]
)
def test_what_a_call_raises_names_the_call(lying: Lie, part: str, call: str) -> None:
    case = lying(part, **{call: raising})
    with pytest.raises(AdapterBroken, match=rf"adapter: {call}\(\) raised AttributeError: no such"):
        join(case)


def test_something_else_than_an_instance_is_told(lying: Lie) -> None:
    case = lying("control", create=nothing)
    with pytest.raises(AdapterBroken, match=r"create\(\) must give .*Instance, saw NoneType"):
        launch(case)


def test_a_subject_that_died_stands_in_the_message(case: Case) -> None:
    process = case.offer.process
    assert process is not None
    process.kill()
    with pytest.raises(Refuted, match="the subject does not run"):
        case.expect("here", NEVER)
    process.start()


def test_a_subject_that_the_check_ended_does_not(case: Case) -> None:
    case.process.kill()
    with pytest.raises(Refuted) as caught:
        case.expect("here", NEVER)
    assert "does not run" not in caught.value.message
    case.process.start()


def test_a_premise_that_failed_before_is_not_waited_for_as_long(environment: Environment) -> None:
    case = Case(REQUIREMENT, environment, frozenset({"some.other"}))
    with pytest.raises(Blocked, match="already failed in this run"):
        case.given("some.other", NEVER, "retry")
    assert case.waits[-1].budget == case.seconds("retry") / 10
    assert not case.close()


def test_one_budget_is_for_everything_that_was_made(environment: Environment) -> None:
    case = Case(REQUIREMENT, environment)
    asked: list[str] = []

    def stays() -> bool:
        asked.append("asked")
        return False

    for what in ("first", "second"):
        case.clean_up.register(Made(what, nothing, stays, nothing))
    assert [leak.what for leak in case.close(patience=0.0)] == ["second", "first"]
    assert len(asked) == 2
