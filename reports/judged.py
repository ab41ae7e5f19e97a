"""Planned rows with their records, what they mean together, and the order to read them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.model import Outcome, PlannedRow, Run

ORDER = (
    "failed",
    "silently-ignored",
    "error",
    "not-run",
    "blocked",
    "skipped",
    "unsupported",
    "passed",
)
"""Outcome words, the worst first."""

LEVELS = ("required", "optional", "recommended")


@dataclass(frozen=True, slots=True)
class Judged:
    """A planned row with its record."""

    row: PlannedRow
    outcome: Outcome

    @property
    def counts(self) -> bool:
        """Recommended rows are shown and never count."""
        return self.row.level != "recommended"

    @property
    def expired(self) -> bool:
        """Listed by the adapter for longer than it promised."""
        return self.outcome.known.startswith("expired")

    @property
    def known(self) -> bool:
        """Listed by the adapter, and the listing has not expired."""
        return bool(self.outcome.known) and not self.expired

    @property
    def flaky(self) -> bool:
        """Needed more than one attempt."""
        return self.outcome.attempts > 1

    @property
    def refuted(self) -> bool:
        """Speaks against the subject, and nobody said so before."""
        return self.outcome.outcome in ("failed", "silently-ignored") and not self.known

    @property
    def unexpected(self) -> bool:
        """Not as the adapter's committed expectations say."""
        return self.refuted or self.flaky or bool(self.outcome.stale)

    @property
    def fine(self) -> bool:
        """Nothing that somebody has to read."""
        return self.outcome.outcome in ("passed", "unsupported") and not self.unexpected

    @property
    def told(self) -> str:
        """The message without the requirement's own id, for where the id stands beside it."""
        id_ = self.row.requirement
        message = self.outcome.message
        rest = message.removeprefix(id_)
        return rest.lstrip(": ") if rest[:1] in (":", " ", "") else message

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands beside the outcome, one sentence each."""
        outcome = self.outcome
        told = {
            "listed as known": outcome.known if self.expired else "",
            "known": outcome.known if self.known else "",
            "stale": outcome.stale,
            "flaky": f"{outcome.attempts} attempts" if self.flaky else "",
            "origin": outcome.origin,
            "left behind": ", ".join(outcome.leaks),
        }
        return tuple(f"{name}: {text}" for name, text in told.items() if text)


def judged(run: Run) -> list[Judged]:
    """Every planned row that has a record, in the order of the plan."""
    by_id = {outcome.requirement: outcome for outcome in run.outcomes}
    rows = run.header.plan.rows
    return [Judged(row, by_id[row.requirement]) for row in rows if row.requirement in by_id]


def counts(rows: Iterable[Judged]) -> dict[str, int]:
    """How often each outcome word occurs, the worst first, without zeros."""
    words = [str(one.outcome.outcome) for one in rows]
    return {word: words.count(word) for word in ORDER if word in words}


def worst_first(rows: Iterable[Judged]) -> list[Judged]:
    """What refutes or breaks a claim, then what is known or never counts, then the rest."""
    return sorted(rows, key=_rank)


def _rank(one: Judged) -> tuple[int, int, int]:
    word = one.outcome.outcome
    undecided = word in ("error", "not-run", "blocked")
    if one.counts and one.unexpected:
        group = 0
    elif one.counts and undecided:
        group = 1
    elif one.known or one.unexpected or undecided:
        group = 2
    else:
        group = 3
    return group, ORDER.index(word), LEVELS.index(one.row.level)
