"""The page of one run: a single HTML file that opens its own evidence and asks nobody for more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.claims import claims, judged
from reports.model import Run
from reports.writers.markdown import ORDER

MOST_EVIDENCE = 12_000_000
"""Bytes of evidence in one page; what goes beyond is named and left beside it."""


def write_page(run: Run, evidence: Path, path: Path) -> None:
    """Render `index.html`; `evidence` is where the run file's relative paths start."""
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined
    )
    static = Path(__file__).parent.parent / "static"
    page = environment.get_template("run.html.j2").render(
        run=run,
        rows=judged(run),
        claims=claims(run),
        order=ORDER,
        evidence=_evidence(run, evidence),
        style=(static / "run.css").read_text(encoding="utf-8"),
        script=(static / "run.js").read_text(encoding="utf-8"),
    )
    path.write_text(page, encoding="utf-8")


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
