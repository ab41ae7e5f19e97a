from __future__ import annotations

import threading

from conformance.checks.waiting import wait_until
from conformance.timeline import Timeline


def test_what_holds_already_needs_no_growth() -> None:
    assert wait_until(Timeline(), lambda: True, budget=0.0)


def test_what_never_holds_ends_at_the_deadline() -> None:
    assert not wait_until(Timeline(), lambda: False, budget=0.02)


def test_growth_reevaluates() -> None:
    timeline = Timeline()
    grown = threading.Timer(0.01, lambda: timeline.mark("step", "now"))
    grown.start()
    assert wait_until(timeline, lambda: timeline.position > 0, budget=30.0)
    grown.join()


def test_growth_during_the_evaluation_is_not_lost() -> None:
    timeline = Timeline()
    evaluations = []

    def holds() -> bool:
        evaluations.append(timeline.position)
        if len(evaluations) == 1:
            timeline.mark("step", "while evaluating")
            return False
        return True

    assert wait_until(timeline, holds, budget=30.0)
    assert len(evaluations) == 2


def test_a_cloud_without_events_is_polled() -> None:
    answers = iter([False, False, True])
    assert wait_until(Timeline(), lambda: next(answers), budget=30.0, poll=0.001)
