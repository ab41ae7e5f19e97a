from __future__ import annotations

import pytest

from conformance.checks.clean_up import Leak
from conformance.checks.verdicts import (
    Blocked,
    Refuted,
    SilentlyIgnored,
    StaleDeclaration,
    Undecidable,
)
from conformance.contracts.outcomes import Outcome
from conformance.contracts.requirements import Form
from conformance.errors import AdapterBroken
from conformance.plugin.verdict import NO_LEAK, judge

CASES = [
    (None, 1, Outcome.PASSED),
    (None, 0, Outcome.ERROR),
    (Refuted("e", "m"), 1, Outcome.FAILED),
    (SilentlyIgnored("e", "m"), 1, Outcome.SILENTLY_IGNORED),
    (StaleDeclaration("e", "m"), 1, Outcome.PASSED),
    (Blocked("base", "m"), 1, Outcome.BLOCKED),
    (Undecidable("m"), 1, Outcome.ERROR),
    (AdapterBroken("m"), 1, Outcome.ERROR),
    (AssertionError("m"), 1, Outcome.ERROR),
    (KeyError("m"), 1, Outcome.ERROR),
]


@pytest.mark.parametrize(("raised", "decisions", "outcome"), CASES)
def test_what_was_raised_decides(
    raised: BaseException | None, decisions: int, outcome: Outcome
) -> None:
    assert judge(Form.CHECK, raised, decisions, []).outcome is outcome


def test_a_refusal_that_was_visible_is_unsupported() -> None:
    assert judge(Form.REFUSAL, None, 1, []).outcome is Outcome.UNSUPPORTED


def test_a_leak_of_the_subject_refutes() -> None:
    verdict = judge(Form.CHECK, None, 1, [Leak("node x", ours=False)])
    assert (verdict.outcome, verdict.expectation) == (Outcome.FAILED, NO_LEAK)
    assert verdict.dirty


def test_a_leak_of_ours_is_an_error() -> None:
    assert judge(Form.CHECK, None, 1, [Leak("node x", ours=True)]).outcome is Outcome.ERROR


def test_a_failure_keeps_its_first_reason_beside_a_leak() -> None:
    verdict = judge(Form.CHECK, Refuted("e", "m"), 1, [Leak("node x", ours=False)])
    assert (verdict.outcome, verdict.expectation) == (Outcome.FAILED, "e")
    assert "node x" in verdict.message


@pytest.mark.parametrize("raised", [Blocked("b", "m"), Undecidable("m"), ValueError("m")])
def test_everything_but_a_refutation_soils_the_environment(raised: BaseException) -> None:
    assert judge(Form.CHECK, raised, 1, []).dirty
    assert not judge(Form.CHECK, Refuted("e", "m"), 1, []).dirty


def test_an_unexpected_error_names_its_place() -> None:
    with pytest.raises(ValueError, match="odd") as caught:
        raise ValueError("odd")
    assert "test_verdict.py" in judge(Form.CHECK, caught.value, 1, []).message
