"""A summary in Markdown, for step summaries and pull requests: the worst first, size limited."""

from __future__ import annotations

import re
from pathlib import Path

from reports.claims import Claim, claims
from reports.judged import Judged, counts, judged, worst_first
from reports.model import Run

LIMIT = 900_000
"""Bytes: a GitHub step summary of over 1 MiB is refused whole."""

MOST_REASONS = 3

MOST_CHARACTERS = 300
"""Of a message; the run file has it whole."""

ACTIVE = re.compile(r"([\\`*_{}\[\]<>|~#&])")
"""Characters that would be read as markup, or end a cell."""


def write_markdown(run: Run, path: Path) -> None:
    """Write `summary.md`."""
    path.write_text(markdown(run), encoding="utf-8")


def markdown(run: Run, limit: int = LIMIT) -> str:
    """Title, claims, counts, then every outcome, the worst first; at most `limit` bytes."""
    rows = worst_first(judged(run))
    text = "\n".join([*_head(run, rows), *map(_row, rows)]) + "\n"
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    end = f"\n\nThe table was cut; the run file has all {len(rows)} rows.\n"
    kept = encoded[: limit - len(end)].decode(errors="ignore").rpartition("\n")[0]
    return kept + end


def _head(run: Run, rows: list[Judged]) -> list[str]:
    header = run.header
    subject = f"{header.subject.name} {header.subject.version}".strip()
    where = f"{header.cluster.backend} {header.cluster.version}"
    return [
        f"## Cloud provider conformance: {_plain(header.provider)}",
        "",
        _plain(f"{subject} on {where}, suite {header.suite_version}"),
        "",
        *map(_claim, claims(run)),
        "",
        ", ".join(f"{count} {word}" for word, count in counts(rows).items()) or "no record",
        "",
        "| outcome | requirement | message |",
        "|---|---|---|",
    ]


def _claim(claim: Claim) -> str:
    more = len(claim.reasons) - MOST_REASONS
    reasons = [*claim.reasons[:MOST_REASONS], *([f"{more} more"] if more > 0 else [])]
    because = f": {_plain('; '.join(reasons))}" if reasons else ""
    return f"- **{claim.profile}**: {_plain(str(claim))}{because}"


def _row(one: Judged) -> str:
    told = _plain("; ".join(filter(None, (*one.remarks, one.outcome.message[:MOST_CHARACTERS]))))
    level = "" if one.counts else " (recommended)"
    return f"| {one.outcome.outcome}{level} | `{one.row.requirement}` | {told} |"


def _plain(text: str) -> str:
    return ACTIVE.sub(r"\\\1", " ".join(text.split()))
