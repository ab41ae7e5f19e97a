"""Waiting: re-evaluate when the Timeline grows, never on a timer of our own.

tenacity composes stop and retry; its sleep is the Timeline's growth, so a wait wakes as soon as
something happened and at the latest at the poll period of clouds that send no events.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_delay, wait_fixed

from conformance.timeline import Timeline


def wait_until(
    timeline: Timeline, holds: Callable[[], bool], budget: float, poll: float | None = None
) -> bool:
    """True as soon as `holds` does; False when it did not within `budget` seconds.

    `holds` is evaluated at once, after each growth, at each `poll` and once more at the deadline.
    """
    deadline = time.monotonic() + budget
    before = timeline.position

    def evaluate() -> bool:
        nonlocal before
        before = timeline.position
        return holds()

    def sleep(seconds: float) -> None:
        timeline.wait_growth(before, min(seconds, deadline - time.monotonic()))

    retrying = Retrying(
        retry=retry_if_result(operator.not_),
        stop=stop_after_delay(budget),
        wait=wait_fixed(budget if poll is None else min(poll, budget)),
        sleep=sleep,
        retry_error_callback=_last_result,
    )
    return bool(retrying(evaluate))


def _last_result(state: RetryCallState) -> bool:
    return bool(state.outcome and state.outcome.result())
