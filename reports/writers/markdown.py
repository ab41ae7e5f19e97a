"""A summary in Markdown, for step summaries and pull requests: the worst first, size limited."""

from __future__ import annotations

from pathlib import Path

from reports.claims import Judged, claims, judged
from reports.model import Run

LIMIT = 900_000
"""Bytes: a GitHub step summary of over 1 MiB is refused whole."""

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


def write_markdown(run: Run, path: Path) -> None:
    """Write `summary.md`."""
    path.write_text(markdown(run), encoding="utf-8")


def markdown(run: Run) -> str:
    """Title, claims, counts, then every outcome that is not a pass, then the passes."""
    rows = sorted(judged(run), key=lambda one: ORDER.index(one.outcome.outcome))
    text = "\n".join([*_head(run), *map(_row, rows)]) + "\n"
    encoded = text.encode()
    if len(encoded) <= LIMIT:
        return text
    kept = encoded[:LIMIT].decode(errors="ignore").rpartition("\n")[0]
    return f"{kept}\n\nThe table was cut; the run file has all {len(rows)} rows.\n"


def _head(run: Run) -> list[str]:
    header = run.header
    counts = run.footer.counts if run.footer else {}
    return [
        f"## Cloud provider conformance: {header.provider}",
        "",
        f"{header.subject.name} {header.subject.version} on {header.cluster.backend} "
        f"{header.cluster.version}, suite {header.suite_version}",
        "",
        *(f"- **{claim.profile}**: {claim}" for claim in claims(run)),
        "",
        ", ".join(f"{counts[word]} {word}" for word in ORDER if counts.get(word)) or "no footer",
        "",
        "| outcome | requirement | message |",
        "|---|---|---|",
    ]


def _row(one: Judged) -> str:
    message = one.outcome.message.replace("|", "\\|").replace("\n", " ")
    known = f" (known: {one.outcome.known})" if one.outcome.known else ""
    return f"| {one.outcome.outcome}{known} | `{one.row.requirement}` | {message[:300]} |"
