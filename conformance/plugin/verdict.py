"""From what a check raised and left behind to exactly one outcome."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from conformance.errors import ConformanceError

NO_LEAK = "no-leak"
"""Expectation under which a leak is charged."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its reasons; `dirty` says why the environment must be replaced."""

    outcome: Outcome
    expectation: str = ""
    message: str = ""
    blocked_by: str = ""
    stale: str = ""
    dirty: str = ""

    def with_trouble(self, what: str) -> Verdict:
        """What went wrong after it was reached: an error, unless it was no good news anyway."""
        good = self.outcome is Outcome.PASSED
        outcome = Outcome.ERROR if good else self.outcome
        return replace(self, outcome=outcome, message="; ".join(filter(None, (self.message, what))))


def judge(
    form: Form, raised: BaseException | None, decisions: int, leaks: Sequence[Leak]
) -> Verdict:
    """The outcome of one check.

    A leak turns `passed` into `failed` when the subject left it and into `error` when we did;
    every other outcome keeps its first reason.
    """
    verdict = _of_exception(form, raised, decisions)
    if not leaks:
        return verdict
    text = "; ".join(f"{leak.what} {leak.why}".strip() for leak in leaks)
    if verdict.outcome is Outcome.PASSED and not verdict.stale:
        ours = any(leak.ours for leak in leaks)
        outcome = Outcome.ERROR if ours else Outcome.FAILED
        return Verdict(outcome, NO_LEAK, f"left behind: {text}", dirty="leak")
    return Verdict(
        verdict.outcome,
        verdict.expectation,
        f"{verdict.message}; left behind: {text}",
        verdict.blocked_by,
        verdict.stale,
        dirty="leak",
    )


def _of_exception(form: Form, raised: BaseException | None, decisions: int) -> Verdict:
    match raised:
        case None if not decisions:
            return Verdict(Outcome.ERROR, message="the check decided nothing", dirty="no decision")
        case None:
            return Verdict(Outcome.PASSED if form is Form.CHECK else Outcome.UNSUPPORTED)
        case Refuted():
            return Verdict(Outcome.FAILED, raised.expectation, raised.message)
        case SilentlyIgnored():
            return Verdict(Outcome.SILENTLY_IGNORED, raised.expectation, raised.message)
        case StaleDeclaration():
            return Verdict(Outcome.PASSED, raised.expectation, stale=raised.message)
        case Blocked():
            return Verdict(
                Outcome.BLOCKED,
                message=f"blocked by {raised.rests_on}: {raised.message}",
                blocked_by=raised.rests_on,
                dirty="a premise did not hold",
            )
        case _:
            return Verdict(Outcome.ERROR, message=explained(raised), dirty="an error")


def explained(raised: BaseException) -> str:
    """One line for errors that were made for people, with the place for all others."""
    if isinstance(raised, ConformanceError | Undecidable):
        return str(raised)
    frames = traceback.extract_tb(raised.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(raised).__name__}: {raised}{place}"
