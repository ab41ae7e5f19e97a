"""The page of one run: a single HTML file that opens its own evidence and asks nobody for more."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.claims import claims
from reports.judged import Judged, counts, judged, worst_first
from reports.model import Run, RunHeader
from reports.writers.page_evidence import page_evidence

Item = TypeVar("Item")

MOST_WORST = 3

MOST_PROMISE = 700
"""Characters of story and way of deciding that an opened row shows; longer ones are folded."""


def write_page(run: Run, evidence: Path, path: Path) -> None:
    """Render `index.html`; `evidence` is where the run file's relative paths start."""
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["seconds"] = _seconds
    static = Path(__file__).parent.parent / "static"
    script = (static / "run.js").read_text(encoding="utf-8")
    rows = judged(run)
    page = environment.get_template("run.html.j2").render(
        run=run,
        rows=rows,
        claims=claims(run),
        verdict=_verdict(rows),
        counts=counts(rows).items(),
        worst=_worst(rows),
        areas=_grouped(rows, lambda one: one.row.area),
        exclusions=_grouped(run.header.plan.exclusions, lambda one: one.reason),
        facts=_facts(run),
        simulated=_simulated(run.header),
        most_promise=MOST_PROMISE,
        evidence=page_evidence(run, evidence),
        beside=quote(os.path.relpath(evidence, path.parent)),
        style=(static / "run.css").read_text(encoding="utf-8"),
        script=script,
        policy=_policy(script),
    )
    path.write_text(page, encoding="utf-8")


def _policy(script: str) -> str:
    """Content security policy: the browser itself refuses every request and every other script."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


def _seconds(duration: float) -> str:
    return f"{duration:.2f} s" if duration >= 0.1 else f"{duration * 1000:.0f} ms"


def _verdict(rows: Sequence[Judged]) -> str:
    return f"{sum(one.fine for one in rows)} of {len(rows)} in order"


def _worst(rows: Sequence[Judged]) -> list[Judged]:
    """What somebody should read first; what never counts only where nothing else is wrong."""
    bad = [one for one in worst_first(rows) if not one.fine and one.outcome.outcome != "skipped"]
    return ([one for one in bad if one.counts] or bad)[:MOST_WORST]


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> list[tuple[str, list[Item]]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.items())


def _simulated(header: RunHeader) -> str:
    """Empty only for a cloud that is live."""
    if header.live and not header.simulator:
        return ""
    return f"simulated: {header.simulator or 'a simulator without a name'}"


def _facts(run: Run) -> list[tuple[str, str]]:
    header = run.header
    return [
        ("Subject", f"{header.subject.name} {header.subject.version}".strip()),
        ("Digest of the subject", header.subject.digest),
        ("Shared controllers", header.controller_library),
        ("Cloud", _simulated(header) or "live"),
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
