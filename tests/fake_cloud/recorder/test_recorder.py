"""The recorder: what a front is told, what the journal keeps, what a stamp proves."""

from __future__ import annotations

import threading

import pytest

from conformance.contracts.journal import CloudCall, Disturbance, Fault, Loop
from fake_cloud.recorder import Recorder


def act(recorder: Recorder, verb: str = "get", *about: str, mutating: bool = False) -> CloudCall:
    with recorder.call("instance", verb, about, mutating=mutating):
        pass
    return recorder.calls()[-1]


def fault_of(recorder: Recorder, resource: str, verb: str, *about: str) -> Fault | None:
    with recorder.call(resource, verb, about) as call:
        return call.fault


def test_a_call_is_kept_in_neutral_words() -> None:
    recorder = Recorder()
    with recorder.call(
        "instance",
        "get",
        ["i-1"],
        caller=Loop.NODE_LIFECYCLE,
        operation="DescribeInstance",
        detail={"page": "1"},
    ) as call:
        call.about.add("node-1")
    (kept,) = recorder.calls()
    assert (kept.resource, kept.verb) == ("instance", "get")
    assert kept.about == {"i-1", "node-1"}
    assert (kept.caller, kept.operation) == (Loop.NODE_LIFECYCLE, "DescribeInstance")
    assert (kept.error, kept.disturbed, kept.revision) == ("", False, None)
    assert kept.detail == {"page": "1"}
    assert kept.began <= kept.ended


def test_the_error_that_the_front_answers_is_kept() -> None:
    recorder = Recorder()
    with recorder.call("instance", "get") as call:
        call.error = "503 ServiceUnavailable"
    assert recorder.calls()[0].error == "503 ServiceUnavailable"


def test_a_front_that_raises_is_kept_with_its_error() -> None:
    recorder = Recorder()
    with pytest.raises(LookupError), recorder.call("instance", "get"):
        raise LookupError("no such instance")
    assert recorder.calls()[0].error == "no such instance"


def test_only_mutating_calls_are_stamped() -> None:
    recorder = Recorder(stamp=lambda: 42)
    assert act(recorder, "create", mutating=True).revision == 42
    assert act(recorder, "get").revision is None


def test_the_call_is_held_while_its_stamp_is_read() -> None:
    asked, answer, passed = threading.Event(), threading.Event(), threading.Event()

    def stamp() -> int:
        asked.set()
        answer.wait(5)
        return 7

    recorder = Recorder(stamp=stamp, stamp_limit=5)

    def front() -> None:
        with recorder.call("instance", "create", mutating=True):
            passed.set()

    thread = threading.Thread(target=front)
    thread.start()
    assert asked.wait(5)
    assert not passed.is_set()
    answer.set()
    thread.join(5)
    assert passed.is_set()
    assert recorder.calls()[0].revision == 7


def test_a_stamp_that_cannot_be_read_in_time_leaves_a_gap_and_the_call_passes() -> None:
    never = threading.Event()

    def stamp() -> int:
        never.wait(30)
        return 1

    recorder = Recorder(stamp=stamp, stamp_limit=0.01)
    assert act(recorder, "create", mutating=True).revision is None
    never.set()


def test_a_stamp_that_fails_leaves_a_gap_and_the_call_passes() -> None:
    def stamp() -> int:
        raise ConnectionError("cluster is away")

    assert act(Recorder(stamp=stamp), "create", mutating=True).revision is None


@pytest.mark.parametrize(
    ("disturbance", "hit", "missed"),
    [
        (Disturbance(Fault.THROTTLED), ("zone", "list"), None),
        (Disturbance(Fault.THROTTLED, resource="instance"), ("instance", "get"), ("zone", "get")),
        (Disturbance(Fault.DENIED, verb="get"), ("instance", "get"), ("instance", "list")),
        (
            Disturbance(Fault.TIMEOUT, about=frozenset({"i-1", "node-1"})),
            ("instance", "get", "node-1"),
            ("instance", "get", "i-2"),
        ),
        (Disturbance(Fault.EMPTY_LIST), ("instance", "list"), ("instance", "get")),
        (Disturbance(Fault.POWER_STATE), ("instance", "power"), ("instance", "get")),
        (Disturbance(Fault.NO_ADDRESSES), ("instance", "get"), ("instance", "power")),
    ],
)
def test_a_disturbance_reaches_what_it_names_and_nothing_else(
    disturbance: Disturbance, hit: tuple[str, ...], missed: tuple[str, ...] | None
) -> None:
    recorder = Recorder()
    with recorder.disturb(disturbance):
        assert fault_of(recorder, *hit) is disturbance.fault
        assert recorder.calls()[-1].disturbed
        if missed:
            assert fault_of(recorder, *missed) is None
            assert not recorder.calls()[-1].disturbed
    assert fault_of(recorder, *hit) is None


def test_the_newest_matching_disturbance_counts() -> None:
    recorder = Recorder()
    with recorder.disturb(Disturbance(Fault.DENIED)):
        with recorder.disturb(Disturbance(Fault.THROTTLED)):
            assert fault_of(recorder, "instance", "get") is Fault.THROTTLED
        assert fault_of(recorder, "instance", "get") is Fault.DENIED


def test_a_fault_that_is_not_on_offer_is_refused() -> None:
    recorder = Recorder(faults={Fault.THROTTLED})
    assert recorder.faults == {Fault.THROTTLED}
    with (
        pytest.raises(ValueError, match="on offer: throttled"),
        recorder.disturb(Disturbance(Fault.DENIED)),
    ):
        pass


def test_subscribers_hear_each_call_until_they_stop() -> None:
    recorder = Recorder()
    heard: list[str] = []
    act(recorder, "get")
    stop = recorder.subscribe(lambda call: heard.append(call.verb))
    act(recorder, "list")
    act(recorder, "power")
    stop()
    stop()
    act(recorder, "get")
    assert heard == ["list", "power"]


def test_a_subscriber_may_read_the_journal() -> None:
    recorder = Recorder()
    seen: list[int] = []
    recorder.subscribe(lambda _: seen.append(len(recorder.calls())))
    act(recorder)
    assert seen == [1]


def test_no_call_of_many_threads_is_lost() -> None:
    recorder = Recorder()
    heard: list[CloudCall] = []
    recorder.subscribe(heard.append)
    threads = [
        threading.Thread(target=lambda n=n: [act(recorder, "get", f"i-{n}") for _ in range(50)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(recorder.calls()) == len(heard) == 200
