"""What a run may claim for each profile, and the exit code it ends with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports.judged import Judged, judged
from reports.model import Exclusion, PlannedRow, Run

Word: TypeAlias = Literal["conformant", "partial", "nonconformant", "incomplete"]

AS_EXPECTED, UNEXPECTED, BROKEN = 0, 1, 3
"""Exit codes; 2 is a wrong request, which makes no run."""

INHERENT = frozenset({"planned", "capability-absent", "version", "subject-not-offered"})
"""Reasons for an exclusion that take nothing from a claim: nothing was promised there."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`reasons` say why it is not `conformant`, the worst first. `simulator` may have no name."""

    profile: str
    word: Word
    reasons: tuple[str, ...]
    simulator: str = ""
    simulated: bool = False

    def __str__(self) -> str:
        if self.simulator:
            return f"{self.word} (simulated: {self.simulator})"
        return f"{self.word} (simulated)" if self.simulated else self.word


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
    """The claim for one profile; a filtered, interrupted or sharded run never reads better than
    `incomplete`, and nothing in a file without a footer is worth more."""
    mine = [one for one in judged(run) if profile in one.row.profiles and one.counts]
    excluded = [e for e in run.header.plan.exclusions if profile in e.profiles]
    excused = _excused(run)
    grades: list[tuple[Word, list[str]]] = [
        ("incomplete", _cut(run)),
        ("nonconformant", _failures(mine)),
        ("incomplete", [*_unfinished(run), *_undecided(mine, excused), *_unselected(excluded)]),
        ("incomplete", [] if mine else ["nothing that counts was planned"]),
        ("partial", [*_weaknesses(mine, excused), *_gaps(excluded)]),
    ]
    word: Word = next((word for word, reasons in grades if reasons), "conformant")
    reasons = tuple(reason for _, reasons in grades for reason in reasons)
    return Claim(profile, word, reasons, run.header.simulator, simulated=not run.header.live)


def _cut(run: Run) -> list[str]:
    return [] if run.footer else ["the run file was cut"]


def _unfinished(run: Run) -> list[str]:
    shard = run.header.plan.shard
    interrupted = run.footer is not None and run.footer.interrupted
    return [
        *(["the run was interrupted"] if interrupted else []),
        *([f"this is shard {shard} of the plan"] if shard else []),
    ]


def _excused(run: Run) -> frozenset[str]:
    """Known failures, and what is blocked by one of them, at any distance."""
    everything = judged(run)
    excused = {one.row.requirement for one in everything if one.known}
    while (
        more := {
            one.row.requirement
            for one in everything
            if one.outcome.outcome == "blocked" and one.outcome.blocked_by in excused
        }
        - excused
    ):
        excused |= more
    return frozenset(excused)


def _undecided(mine: Iterable[Judged], excused: frozenset[str]) -> list[str]:
    open_words = ("error", "not-run", "blocked")
    return [
        f"{one.row.requirement} {one.outcome.outcome}"
        for one in mine
        if one.outcome.outcome in open_words and one.row.requirement not in excused
    ]


def _unselected(excluded: Iterable[Exclusion]) -> list[str]:
    left = [e for e in excluded if e.reason == "not-selected" and e.level != "recommended"]
    return [f"not selected: {_number(left)}"] if left else []


def _number(items: Sequence[object]) -> str:
    return f"{len(items)} requirement{'' if len(items) == 1 else 's'}"


def _failures(mine: Iterable[Judged]) -> list[str]:
    return [f"{one.row.requirement} {one.outcome.outcome}" for one in mine if one.refuted]


def _weaknesses(mine: Iterable[Judged], excused: frozenset[str]) -> list[str]:
    found = []
    for one in mine:
        id_, outcome = one.row.requirement, one.outcome
        if outcome.outcome == "skipped":
            found.append(f"{id_} skipped: {outcome.message}")
        if one.known:
            found.append(f"{id_} known: {outcome.known}")
        elif id_ in excused:
            found.append(f"{id_} blocked by {outcome.blocked_by}, which is known")
        if one.flaky:
            found.append(f"{id_} flaky")
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
    mine = [one for one in judged(run) if one.counts]
    if any(one.unexpected for one in mine):
        return UNEXPECTED
    interrupted = run.footer is None or run.footer.interrupted
    return BROKEN if interrupted or _undecided(mine, _excused(run)) else AS_EXPECTED
