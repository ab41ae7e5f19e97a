from __future__ import annotations

import threading

from conformance.contracts.kubernetes import NODES, WatchType
from conformance.timeline import Gap, ObjectKey, Observed, Timeline

KEY = ObjectKey(NODES, "n1")


def seen(revision: int, type_: WatchType = WatchType.MODIFIED) -> Observed:
    item = {"metadata": {"name": "n1", "resourceVersion": str(revision)}}
    return Observed(float(revision), KEY, type_, item, revision)


def test_positions_never_move() -> None:
    timeline = Timeline()
    first = timeline.append(seen(1))
    second = timeline.mark("step", "act")
    assert (first, second, timeline.position) == (0, 1, 2)


def test_states_begin_with_the_state_at_the_position() -> None:
    timeline = Timeline()
    timeline.append(seen(1))
    timeline.append(seen(2))
    opened = timeline.mark("quiet", "window")
    timeline.append(seen(3))
    timeline.append(seen(4, WatchType.DELETED))
    states = list(timeline.states(KEY, opened))
    assert [s and s["metadata"]["resourceVersion"] for s in states] == ["2", "3", None]


def test_gaps_are_remembered_by_position() -> None:
    timeline = Timeline()
    timeline.append(Gap(0.0, "nodes", "410"))
    later = timeline.position
    assert timeline.gaps(0)
    assert not timeline.gaps(later)


def test_growth_wakes_a_waiter() -> None:
    timeline = Timeline()
    woken = threading.Event()

    def wait() -> None:
        if timeline.wait_growth(0, 30):
            woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    timeline.append(seen(1))
    thread.join(30)
    assert woken.is_set()


def test_no_growth_is_said() -> None:
    assert not Timeline().wait_growth(0, 0.0)


def test_every_entry_reaches_the_sink_in_order() -> None:
    sunk: list[object] = []
    timeline = Timeline(sunk.append)
    entries = [seen(1), seen(2)]
    for entry in entries:
        timeline.append(entry)
    assert sunk == entries
