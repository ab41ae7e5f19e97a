"""The page of one run: a single HTML file that opens its own evidence and asks nobody for more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.claims import claims
from reports.judged import ORDER, Judged, judged
from reports.model import Run

Item = TypeVar("Item")

FINE = ("passed", "unsupported", "skipped")

MOST_WORST = 3

MOST_EVIDENCE = 12_000_000
"""Bytes of evidence in one page; what goes beyond is named and left beside it."""


def write_page(run: Run, evidence: Path, path: Path) -> None:
    """Render `index.html`; `evidence` is where the run file's relative paths start."""
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined
    )
    static = Path(__file__).parent.parent / "static"
    rows = judged(run)
    page = environment.get_template("run.html.j2").render(
        run=run,
        rows=rows,
        claims=claims(run),
        verdict=_verdict(rows),
        counts=_counts(rows),
        worst=_worst(rows),
        areas=_grouped(rows, lambda one: one.row.area),
        exclusions=_grouped(run.header.plan.exclusions, lambda one: one.reason),
        facts=_facts(run),
        evidence=_evidence(run, evidence),
        style=(static / "run.css").read_text(encoding="utf-8"),
        script=(static / "run.js").read_text(encoding="utf-8"),
    )
    path.write_text(page, encoding="utf-8")


def _verdict(rows: Sequence[Judged]) -> str:
    bad = [one for one in rows if one.outcome.outcome not in ("passed", "unsupported")]
    return f"{len(rows) - len(bad)} of {len(rows)} in order"


def _counts(rows: Sequence[Judged]) -> list[tuple[str, int]]:
    """Outcome words that occur, the worst first."""
    counted = [(word, sum(one.outcome.outcome == word for one in rows)) for word in ORDER]
    return [(word, count) for word, count in counted if count]


def _worst(rows: Sequence[Judged]) -> list[Judged]:
    """What somebody should read first: at most three, required before recommended."""
    bad = [one for one in rows if one.outcome.outcome not in FINE or one.outcome.stale]
    rank = {"required": 0, "optional": 1, "recommended": 2}
    bad.sort(key=lambda one: (one.known, ORDER.index(one.outcome.outcome), rank[one.row.level]))
    return bad[:MOST_WORST]


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> list[tuple[str, list[Item]]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.items())


def _facts(run: Run) -> list[tuple[str, str]]:
    header = run.header
    return [
        ("Subject", f"{header.subject.name} {header.subject.version}".strip()),
        ("Digest of the subject", header.subject.digest),
        ("Shared controllers", header.controller_library),
        ("Cloud", header.simulator and f"simulated: {header.simulator}"),
        ("Kubernetes", f"{header.cluster.backend} {header.cluster.version}"),
        ("Fidelity of the API", header.cluster.fidelity),
        ("Components", ", ".join(f"{c.name} {c.version}".strip() for c in header.components)),
        ("Capabilities", ", ".join(header.capabilities)),
        ("Adapter from", header.provider_distribution),
        ("Suite", f"{header.suite_version} {header.suite_commit}".strip()),
        ("Started", header.started),
        ("Run", header.id),
        ("Plan digest", header.plan.digest),
        ("Command", " ".join(header.command)),
    ]


def _evidence(run: Run, folder: Path) -> dict[str, Any]:
    """Evidence by requirement, the worst outcomes first, as long as there is room."""
    found: dict[str, Any] = {}
    left = MOST_EVIDENCE
    for outcome in sorted(run.outcomes, key=lambda one: ORDER.index(one.outcome)):
        for file in outcome.evidence:
            source = folder / file.path
            if file.media_type != "application/json" or not source.exists():
                continue
            if (size := source.stat().st_size) <= left:
                found[outcome.requirement] = json.loads(source.read_bytes())
                left -= size
    return found
