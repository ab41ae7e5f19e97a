"""Calls that a program tells become the journal, and are disturbed and stamped by the recorder."""

from __future__ import annotations

import threading

import pytest

from conformance.api import Disturbance, Fault, Loop
from fake_cloud.recorder import Recorder
from providers.exec.answers import Call, Called
from providers.exec.calls import MOST_OPEN, ToldCalls
from providers.exec.questions import Recorded


def told(number: int = 1, *, mutating: bool = False) -> Call:
    return Call(
        id=number,
        resource="instance",
        verb="get",
        about=["vm-1"],
        caller=Loop.NODE_LIFECYCLE,
        operation="Describe",
        mutating=mutating,
    )


def test_a_call_stands_in_the_journal_when_it_has_ended() -> None:
    recorder, answers = Recorder(), list[Recorded]()
    calls = ToldCalls(recorder, answers.append)
    calls.begin(told())
    assert answers == [Recorded(id=1)]
    assert not recorder.calls()
    calls.end(Called(id=1, error="404", about=["acme://vm-1"], detail={"page": "2"}))
    (call,) = recorder.calls()
    assert (call.resource, call.verb, call.caller) == ("instance", "get", Loop.NODE_LIFECYCLE)
    assert call.about == {"vm-1", "acme://vm-1"}
    assert (call.error, call.operation, call.detail) == ("404", "Describe", {"page": "2"})
    assert not call.disturbed


def test_a_disturbed_call_is_told_its_fault() -> None:
    recorder, answers = Recorder(), list[Recorded]()
    calls = ToldCalls(recorder, answers.append)
    with recorder.disturb(Disturbance(Fault.THROTTLED, about=frozenset({"vm-1"}))):
        calls.begin(told())
    calls.end(Called(id=1, error="429"))
    assert answers[0].fault is Fault.THROTTLED
    assert recorder.calls()[0].disturbed


def test_a_mutating_call_is_answered_when_it_is_stamped() -> None:
    answered = threading.Event()
    answers: list[Recorded] = []

    def answer(line: Recorded) -> None:
        answers.append(line)
        answered.set()

    calls = ToldCalls(Recorder(lambda: 42), answer)
    calls.begin(told(mutating=True))
    assert answered.wait(30)
    assert answers[0].revision == 42


def test_calls_begin_once_and_end_once() -> None:
    calls = ToldCalls(Recorder(), lambda _: None)
    calls.begin(told())
    with pytest.raises(ValueError, match="call 1 begins"):
        calls.begin(told())
    calls.end(Called(id=1))
    with pytest.raises(ValueError, match="call 1 ends and was never answered"):
        calls.end(Called(id=1))


def test_calls_that_never_end_are_too_many_one_day() -> None:
    recorder = Recorder()
    calls = ToldCalls(recorder, lambda _: None)
    for number in range(MOST_OPEN):
        calls.begin(told(number))
    with pytest.raises(ValueError, match=f"{MOST_OPEN} are open"):
        calls.begin(told(MOST_OPEN))
    calls.abandon()
    assert {call.error for call in recorder.calls()} == {"the adapter program ended"}
