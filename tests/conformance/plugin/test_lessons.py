from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.checks.case import CLEAN_UP_BUDGET
from conformance.contracts.outcomes import Outcome
from conformance.contracts.requirements import Setting
from conformance.errors import AdapterBroken
from conformance.plugin.lessons import MOST_EQUAL_ERRORS, NO_PATIENCE, Lessons, NotTriedAgain
from tests.conformance.checks.conftest import REQUIREMENT

HERE, ELSEWHERE = Setting.DEFAULT, Setting.ADDRESS_PERIOD_LONG
BROKEN = AdapterBroken("create() raised")


def after(*raised: Exception | None) -> Lessons:
    lessons = Lessons()
    for one in raised:
        lessons.learn(REQUIREMENT, Outcome.ERROR if one else Outcome.PASSED, one)
    return lessons


def test_the_same_error_in_a_row_is_not_asked_for_again() -> None:
    lessons = after(*[BROKEN] * MOST_EQUAL_ERRORS)
    for _ in range(2):
        with pytest.raises(NotTriedAgain, match=r"not tried again: create\(\) raised") as caught:
            lessons.give_up(HERE)
        lessons.learn(REQUIREMENT, Outcome.ERROR, caught.value)
    lessons.give_up(ELSEWHERE)


@pytest.mark.parametrize("other", [None, AdapterBroken("stop() raised"), KeyError("ours")])
def test_something_else_in_between_begins_anew(other: Exception | None) -> None:
    after(BROKEN, BROKEN, other, BROKEN).give_up(HERE)


@pytest.mark.parametrize(
    ("outcome", "known"),
    [
        (Outcome.FAILED, {REQUIREMENT.id}),
        (Outcome.BLOCKED, {REQUIREMENT.id}),
        (Outcome.PASSED, set()),
        (Outcome.ERROR, set()),
    ],
)
def test_what_did_not_hold_is_known_in_its_setting(outcome: Outcome, known: set[str]) -> None:
    lessons = Lessons()
    lessons.learn(REQUIREMENT, outcome, None)
    assert lessons.refuted(HERE) == known
    assert not lessons.refuted(ELSEWHERE)
    lessons.learn(replace(REQUIREMENT, setting=ELSEWHERE), outcome, None)
    assert lessons.refuted(ELSEWHERE) == known


def test_patience_ends_with_the_first_thing_that_stays() -> None:
    lessons = Lessons()
    lessons.cleaned(entirely=True)
    assert lessons.patience == CLEAN_UP_BUDGET
    lessons.cleaned(entirely=False)
    assert lessons.patience == NO_PATIENCE
