"""Which calls of a subject testify that its loop was at work."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest

from conformance.checks import Case, CloudCall, Consulted, Loop
from conformance.checks.verdicts import Undecidable

LIFECYCLE = Loop.NODE_LIFECYCLE
ABOUT_US = frozenset({"vm-1"})


def call(**words: Any) -> CloudCall:
    now = time.monotonic()
    return CloudCall(
        **{
            "resource": "instance",
            "verb": "get",
            "about": ABOUT_US,
            "caller": LIFECYCLE,
            "began": now,
            "ended": now,
            **words,
        }
    )


def consulted(**words: Any) -> Consulted:
    return Consulted(ABOUT_US, LIFECYCLE, "retry", **words)


@pytest.fixture
def hasty(case: Case) -> Case:
    """Two attempts make a question, and nobody waits for them."""
    case.timing = dataclasses.replace(case.timing, attempts=2, budgets={"retry": 0.01})
    return case


@pytest.mark.parametrize(
    ("seen", "counts"),
    [
        (call(), True),
        (call(caller=Loop.UNKNOWN), True),
        (call(caller=Loop.NODE_ADDRESSES), False),
        (call(about=frozenset({"vm-2"})), False),
        (call(about=frozenset(), verb="list"), True),
        (call(about=frozenset(), verb="list", caller=Loop.UNKNOWN), False),
        (call(about=frozenset(), verb="list", resource="zone"), False),
    ],
)
def test_a_call_counts_if_it_is_by_the_loop_and_about_the_instance(
    seen: CloudCall, counts: bool
) -> None:
    assert consulted().counts(seen) is counts


@pytest.mark.parametrize("word", ["disturbed", "failing"])
def test_only_disturbed_calls_count_where_they_must_be(word: str) -> None:
    witness = consulted(**{word: True})
    assert not witness.counts(call())
    assert witness.counts(call(disturbed=True))


def test_a_call_that_began_before_the_window_is_no_witness(hasty: Case) -> None:
    early = call()
    opened = hasty.step("opened")
    hasty.timeline.append(early)
    with pytest.raises(Undecidable, match="saw 0"):
        consulted().wait(hasty, opened, lambda: False)


def test_one_refused_attempt_is_no_answer_yet(hasty: Case) -> None:
    opened = hasty.step("opened")
    hasty.timeline.append(call(disturbed=True))
    with pytest.raises(Undecidable, match="wanted 2 disturbed calls"):
        consulted(failing=True).wait(hasty, opened, lambda: False)


def test_as_many_refused_attempts_as_a_question_has_are_one(hasty: Case) -> None:
    opened = hasty.step("opened")
    for _ in range(2):
        hasty.timeline.append(call(disturbed=True))
    consulted(failing=True).wait(hasty, opened, lambda: False)


def test_what_is_refuted_already_needs_no_witness(hasty: Case) -> None:
    consulted().wait(hasty, hasty.step("opened"), lambda: True)
