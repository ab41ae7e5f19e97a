"""What a run may claim for each profile, and the exit code it ends with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports.model import Exclusion, Outcome, PlannedRow, Run

Word: TypeAlias = Literal["conformant", "partial", "nonconformant", "incomplete"]

AS_EXPECTED, UNEXPECTED, BROKEN = 0, 1, 3
"""Exit codes; 2 is a wrong request, which makes no run."""

INHERENT = frozenset({"planned", "capability-absent", "version", "subject-not-offered"})
"""Reasons for an exclusion that take nothing from a claim: nothing was promised there."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`reasons` say why it is not `conformant`, the worst first."""

    profile: str
    word: Word
    reasons: tuple[str, ...]
    simulator: str = ""

    def __str__(self) -> str:
        simulated = f" (simulated: {self.simulator})" if self.simulator else ""
        return f"{self.word}{simulated}"


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
    def known(self) -> bool:
        """Listed by the adapter, and the listing has not expired."""
        return bool(self.outcome.known) and not self.outcome.known.startswith("expired")


def judged(run: Run) -> list[Judged]:
    """Every planned row that has a record, in the order of the plan."""
    by_id = {outcome.requirement: outcome for outcome in run.outcomes}
    rows = run.header.plan.rows
    return [Judged(row, by_id[row.requirement]) for row in rows if row.requirement in by_id]


def claims(run: Run) -> list[Claim]:
    """One claim for each profile with rows of its own; a profile that adds nothing to the one
    before says nothing either."""
    plan = run.header.plan
    members: dict[str, set[str]] = {}
    rows: list[PlannedRow | Exclusion] = [*plan.rows, *plan.exclusions]
    for row in rows:
        for profile in row.profiles:
            members.setdefault(profile, set()).add(row.requirement)
    told: list[Claim] = []
    seen: list[set[str]] = []
    for profile, ids in members.items():
        if ids not in seen and any(profile in planned.profiles for planned in plan.rows):
            seen.append(ids)
            told.append(claim(run, profile))
    return told


def claim(run: Run, profile: str) -> Claim:
    """The claim for one profile; a filtered or cut run never gets more than `incomplete`."""
    mine = [one for one in judged(run) if profile in one.row.profiles and one.counts]
    excluded = [e for e in run.header.plan.exclusions if profile in e.profiles]
    grades: list[tuple[Word, list[str]]] = [
        ("incomplete", [*_cut(run), *_undecided(mine, run), *_unselected(excluded)]),
        ("nonconformant", _failures(mine)),
        ("partial", [*_weaknesses(mine), *_gaps(excluded)]),
    ]
    word: Word = next((word for word, reasons in grades if reasons), "conformant")
    if word == "incomplete" and _failures(mine):
        word = "nonconformant"
    reasons = tuple(reason for _, reasons in grades for reason in reasons)
    return Claim(profile, word, reasons, run.header.simulator)


def _cut(run: Run) -> list[str]:
    if run.footer is None:
        return ["the run file was cut"]
    return ["the run was interrupted"] if run.footer.interrupted else []


def _undecided(mine: Iterable[Judged], run: Run) -> list[str]:
    excused = {one.outcome.requirement for one in judged(run) if one.known}
    found = []
    for one in mine:
        word = one.outcome.outcome
        blocked = word == "blocked" and one.outcome.blocked_by not in excused
        if word in ("error", "not-run") or blocked:
            found.append(f"{one.row.requirement} {word}")
    return found


def _unselected(excluded: Iterable[Exclusion]) -> list[str]:
    left = [e for e in excluded if e.reason == "not-selected" and e.level == "required"]
    return [f"{len(left)} required requirements were not selected"] if left else []


def _failures(mine: Iterable[Judged]) -> list[str]:
    return [
        f"{one.row.requirement} {one.outcome.outcome}"
        for one in mine
        if one.outcome.outcome in ("failed", "silently-ignored") and not one.known
    ]


def _weaknesses(mine: Iterable[Judged]) -> list[str]:
    found = []
    for one in mine:
        if one.outcome.outcome == "skipped":
            found.append(f"{one.row.requirement} skipped: {one.outcome.message}")
        if one.known:
            found.append(f"{one.row.requirement} known: {one.outcome.known}")
        if one.outcome.attempts > 1:
            found.append(f"{one.row.requirement} flaky")
    return found


def _gaps(excluded: Iterable[Exclusion]) -> list[str]:
    return [
        f"{e.requirement} excluded: {e.reason} {e.detail}".strip()
        for e in excluded
        if e.level == "required" and e.reason not in INHERENT | {"not-selected"}
    ]


def exit_code(run: Run) -> int:
    """0 when every outcome is as the adapter's committed expectations say, 1 for an unexpected
    one, else 3 when something was not decided."""
    everything = judged(run)
    if any(_unexpected(one) for one in everything):
        return UNEXPECTED
    mine = [one for one in everything if one.counts]
    return BROKEN if _cut(run) or _undecided(mine, run) else AS_EXPECTED


def _unexpected(one: Judged) -> bool:
    refuted = one.outcome.outcome in ("failed", "silently-ignored") and not one.known
    odd = bool(one.outcome.stale) or one.outcome.attempts > 1
    return one.counts and (refuted or odd or one.outcome.known.startswith("expired"))
