"""The verdict on a terminal: counts by area, what went wrong with how to see it again, claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from reports.claims import Claim, Judged, claims, judged
from reports.model import Run
from reports.writers.markdown import ORDER

STYLES = {
    "passed": "green",
    "failed": "bold red",
    "silently-ignored": "bold magenta",
    "error": "bold yellow",
    "not-run": "yellow",
    "blocked": "cyan",
    "skipped": "dim",
    "unsupported": "blue",
}

MOST_REASONS = 3


def print_run(run: Run, console: Console | None = None) -> None:
    """Print the verdict; colour only where the output is a terminal."""
    out = console or Console(highlight=False)
    rows = judged(run)
    out.print(_counts(rows))
    for one in sorted(rows, key=lambda one: ORDER.index(one.outcome.outcome)):
        if one.outcome.outcome not in ("passed", "unsupported") or one.outcome.stale:
            _tell(out, one)
    for claim in claims(run):
        _claim(out, claim)


def _counts(rows: list[Judged]) -> Table:
    words = [word for word in ORDER if any(one.outcome.outcome == word for one in rows)]
    table = Table("area", *(f"[{STYLES[word]}]{word}[/]" for word in words), box=None)
    areas = list(dict.fromkeys(one.row.area for one in rows))
    for area in areas:
        counted = _count(one for one in rows if one.row.area == area)
        table.add_row(area, *(str(counted.get(word, "")) for word in words))
    if len(areas) > 1:
        counted = _count(rows)
        table.add_row("all", *(str(counted[word]) for word in words))
    return table


def _count(rows: Iterable[Judged]) -> Counter[str]:
    return Counter(str(one.outcome.outcome) for one in rows)


def _tell(out: Console, one: Judged) -> None:
    style, outcome = STYLES[one.outcome.outcome], one.outcome
    out.print(f"[{style}]{outcome.outcome}[/] {one.row.requirement}: ", end="")
    out.print(outcome.stale or outcome.message, markup=False)
    if outcome.known:
        out.print(f"  known: {outcome.known}", markup=False)
    if outcome.reproduce and outcome.outcome != "skipped":
        out.print(f"  again: {outcome.reproduce}", markup=False, soft_wrap=True)


def _claim(out: Console, claim: Claim) -> None:
    out.print(f"{claim.profile}: {claim}", style="bold", markup=False)
    for reason in claim.reasons[:MOST_REASONS]:
        out.print(f"  because {reason}", markup=False)
    if len(claim.reasons) > MOST_REASONS:
        out.print(f"  and {len(claim.reasons) - MOST_REASONS} further reasons")
