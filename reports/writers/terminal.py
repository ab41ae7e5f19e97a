"""The verdict on a terminal: counts by area, what went wrong and how to see it again, claims.

What went wrong for one reason is told once, so that a run in which nothing works stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from reports.claims import Claim, claims
from reports.judged import Judged, counts, judged, worst_first
from reports.model import Run

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

MOST_GROUPS = 15
MOST_IDS = 4
MOST_REASONS = 3
MOST_CHARACTERS = 400
"""Of a message; the page has it whole."""

UNSTEADY = re.compile(r"\b(?=[\w.]*\d)[0-9a-f][\w.]*")
"""Numbers and names made from hexadecimal digits: they differ where the reason does not."""


def print_run(
    run: Run, console: Console | None = None, told: Sequence[Claim] | None = None
) -> None:
    """Print the verdict with these claims, or all that the run makes; colour only on a terminal."""
    out = console or Console(highlight=False)
    rows = judged(run)
    for line in _counts(rows):
        out.print(line)
    groups = _by_reason(one for one in worst_first(rows) if not one.fine)
    for group in groups[:MOST_GROUPS]:
        _tell(out, group)
    if left := sum(map(len, groups[MOST_GROUPS:])):
        out.print(f"and {left} more for other reasons: the page has them all", style="bold")
    for names, claim in _together(claims(run) if told is None else told):
        _claim(out, names, claim)


def _counts(rows: Sequence[Judged]) -> list[Text]:
    areas: dict[str, list[Judged]] = {}
    for one in rows:
        areas.setdefault(one.row.area, []).append(one)
    if len(areas) > 1:
        areas["all"] = list(rows)
    width = max(map(len, areas), default=0)
    lines = []
    for area, mine in areas.items():
        words = [Text(f"{count} {word}", STYLES[word]) for word, count in counts(mine).items()]
        lines.append(Text(f"{area:<{width}}  ") + Text(", ").join(words))
    return lines


def _by_reason(rows: Iterable[Judged]) -> list[list[Judged]]:
    groups: dict[tuple[str, ...], list[Judged]] = {}
    for one in rows:
        groups.setdefault(_reason(one), []).append(one)
    return list(groups.values())


def _reason(one: Judged) -> tuple[str, ...]:
    """Equal for two rows that went wrong for the same reason."""
    outcome = one.outcome
    why = outcome.blocked_by or UNSTEADY.sub("#", _message(one))
    return (outcome.outcome, why, *one.remarks)


def _message(one: Judged) -> str:
    """On one line, and without power over the terminal."""
    text = " ".join(one.told.replace(one.row.requirement, "this requirement").split())
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS]}..."
    return "".join(c if c.isprintable() else "?" for c in text)


def _tell(out: Console, group: Sequence[Judged]) -> None:
    first = group[0]
    word = first.outcome.outcome
    ids = ", ".join(one.row.requirement for one in group[:MOST_IDS])
    more = f" and {len(group) - MOST_IDS} more" if len(group) > MOST_IDS else ""
    number = f"{len(group)} " if len(group) > 1 else ""
    out.print(Text(f"{number}{word}", STYLES[word]) + Text(f" {ids}{more}"))
    for line in filter(None, (_message(first), *first.remarks)):
        out.print(Text(f"  {line}"))
    if first.outcome.reproduce and word != "skipped":
        out.print(Text(f"  again: {first.outcome.reproduce}"), soft_wrap=True)


def _together(told: Iterable[Claim]) -> list[tuple[str, Claim]]:
    """Profiles with one and the same claim together."""
    together: dict[tuple[str, tuple[str, ...]], list[Claim]] = {}
    for claim in told:
        together.setdefault((str(claim), claim.reasons[:MOST_REASONS]), []).append(claim)
    return [(", ".join(one.profile for one in same), same[-1]) for same in together.values()]


def _claim(out: Console, names: str, claim: Claim) -> None:
    out.print(Text(f"{names}: {claim}", "bold"))
    for reason in claim.reasons[:MOST_REASONS]:
        out.print(Text(f"  because {reason}"))
    if len(claim.reasons) > MOST_REASONS:
        out.print(Text(f"  and {len(claim.reasons) - MOST_REASONS} further reasons"))
