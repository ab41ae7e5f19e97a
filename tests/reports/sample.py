"""Run files for the tests of everything that reads one: small ones to order, and one of each kind.

`every_kind` is the run that a page, a summary or a JUnit file has to get right: all outcome words,
every annotation, waits, leaks, exclusions, and evidence with text that attacks what shows it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from reports.model import (
    API_VERSION,
    ClusterFacts,
    Component,
    EvidenceFile,
    Exclusion,
    Known,
    Outcome,
    OutcomeWord,
    PlanFacts,
    PlannedRow,
    Run,
    RunFooter,
    RunHeader,
    Wait,
)
from reports.plan_digest import plan_digest
from reports.reading import read_run
from reports.writers.run_file import RunFileWriter

STARTED = "2026-03-01T12:00:00.000+00:00"
FINISHED = "2026-03-01T12:00:09.000+00:00"
ISSUE = "https://issues.example/7"
SOURCE = "https://issues.example/8"
HOSTILE = "</script><script>window.broken = 1</script> | `pipe` & <b>bold</b>"
"""Text as a controller might log it, and as nobody may render it."""


def planned(requirement: str, **changes: Any) -> PlannedRow:
    facts: dict[str, Any] = {
        "requirement": requirement,
        "revision": 1,
        "title": f"What {requirement} promises.",
        "area": "node-initialization",
        "subject": "cloud-controller",
        "level": "required",
        "profiles": ["core", "disturbed"],
    }
    return PlannedRow(**{**facts, **changes})


def excluded(requirement: str, reason: str, **changes: Any) -> Exclusion:
    facts: dict[str, Any] = {
        "requirement": requirement,
        "area": "node-initialization",
        "level": "required",
        "subject": "cloud-controller",
        "profiles": ["core"],
        "reason": reason,
    }
    return Exclusion(**{**facts, **changes})


def recorded(requirement: str, outcome: OutcomeWord = "passed", **changes: Any) -> Outcome:
    facts: dict[str, Any] = {
        "requirement": requirement,
        "revision": 1,
        "outcome": outcome,
        "duration": 0.25,
        "message": "" if outcome == "passed" else f"{requirement} expected one, saw another",
    }
    return Outcome(**{**facts, **changes})


def headed(
    rows: Sequence[PlannedRow], left_out: Sequence[Exclusion] = (), **changes: Any
) -> RunHeader:
    facts: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "id": "0badcafe",
        "started": STARTED,
        "suite_version": "0.1.0",
        "provider": "acme",
        "live": False,
        "subject": Component(name="acme-cloud-controller", version="v1.2.3", digest="sha256:00"),
        "cluster": ClusterFacts(backend="embedded", version="v1.37.2+embedded"),
        "capabilities": ["zones"],
        "timing": {"node_monitor": 0.05},
        "command": ["cloud-conformance", "run", "--provider", "acme"],
        "plan": PlanFacts(
            digest=plan_digest(rows, left_out), rows=list(rows), exclusions=list(left_out)
        ),
    }
    return RunHeader(**{**facts, **changes})


def written(path: Path, header: RunHeader, outcomes: Sequence[Outcome], **ending: Any) -> Path:
    """A whole run file at `path`."""
    writer = RunFileWriter(path)
    writer.header(header)
    for outcome in outcomes:
        writer.outcome(outcome)
    writer.footer(FINISHED, 9.0, **ending)
    return path


def run_of(
    *outcomes: Outcome,
    rows: Sequence[PlannedRow] = (),
    left_out: Sequence[Exclusion] = (),
    interrupted: bool = False,
    **changes: Any,
) -> Run:
    """A run as a value; every outcome without a row in `rows` gets a plain one."""
    given = {row.requirement: row for row in rows}
    plan = [given.get(o.requirement, planned(o.requirement)) for o in outcomes]
    words = [outcome.outcome for outcome in outcomes]
    footer = RunFooter(
        finished=FINISHED,
        duration=9.0,
        interrupted=interrupted,
        counts={word: words.count(word) for word in words},
        digest="",
    )
    header = headed(plan, left_out, **changes)
    return Run(header=header, outcomes=list(outcomes), footer=footer)


ROWS = [
    planned("node.passes"),
    planned(
        "node.fails",
        area="node-lifecycle",
        story=f"Nobody knows the node without its label. {HOSTILE}",
        decided_by="A node joins, and within the budget its label must be there.",
        sources=["k8s.io/cloud-provider cloud.go: Instances", SOURCE, "javascript:alert(1)"],
    ),
    planned("node.ignores", capability="zones", level="optional", form="refusal"),
    planned("node.refuses", capability="zones", level="optional", form="refusal"),
    planned("node.blocked"),
    planned("node.skipped"),
    planned("node.errs", area="node-lifecycle"),
    planned("node.unseen"),
    planned("node.known", area="node-lifecycle"),
    planned("node.expired", area="node-lifecycle"),
    planned("node.stale"),
    planned("node.flaky"),
    planned("node.leaks", profiles=["disturbed"]),
    planned("node.wished", level="recommended"),
]

LEFT_OUT = [
    excluded("node.later", "planned", detail="no fake yet"),
    excluded("node.unwanted", "not-selected", detail="--area node-initialization"),
    excluded("node.needy", "need-missing", detail="control"),
    excluded("node.pods", "simulator-gap", detail="stand-ins run no pods"),
]

WAITS = [
    Wait(expectation="registered", kind="given", budget=3.0, observed=0.01, held=True),
    Wait(expectation="untainted", kind="expect", budget=3.0, observed=2.9, held=True),
    Wait(expectation="still-there", kind="quiet", budget=0.3, observed=0.3, held=True),
    Wait(expectation="labelled", kind="expect", budget=3.0, observed=3.0, held=False),
]

WORDS: list[Outcome] = [
    recorded("node.passes", waits=WAITS[:3]),
    recorded("node.fails", "failed", expectation="labelled", message=HOSTILE, waits=WAITS),
    recorded("node.ignores", "silently-ignored", expectation="refused"),
    recorded("node.refuses", "unsupported", message=""),
    recorded("node.blocked", "blocked", blocked_by="node.fails"),
    recorded("node.skipped", "skipped", message="no time for it"),
    recorded("node.errs", "error", message="ConnectionError: \x1b[31m\x00 gone"),
    recorded("node.unseen", "not-run", message="no record: the worker died"),
    recorded("node.known", "failed", expectation="labelled", known=ISSUE),
    recorded(
        "node.expired", "failed", expectation="labelled", known=f"expired 2026-01-01: {ISSUE}"
    ),
    recorded("node.stale", stale=f"listed as known failing ({ISSUE}), but passes"),
    recorded("node.flaky", attempts=3),
    recorded("node.leaks", "failed", expectation="no-leak", leaks=["Node worker-7", "disk d-1"]),
    recorded("node.wished", "failed", expectation="nice-to-have"),
]


def every_kind(folder: Path) -> Path:
    """The run file of a run in which everything happened; its evidence is beside it."""
    outcomes = [
        msgspec.structs.replace(
            outcome,
            started=0.5 * number,
            evidence=[with_evidence(folder, outcome.requirement)],
            reproduce=f"cloud-conformance run --provider acme --focus {outcome.requirement}",
        )
        for number, outcome in enumerate(WORDS)
    ]
    known = Known(
        requirement="node.known", expectation="labelled", issue=ISSUE, expires="2027-01-01"
    )
    header = headed(
        ROWS,
        LEFT_OUT,
        simulator="acme-sim 2.0",
        known=[known],
        components=[Component(name="etcd", version="3.7.0")],
        subjects_started=["cloud-controller"],
    )
    return written(folder / "run.jsonl", header, outcomes)


def every_kind_read(folder: Path) -> Run:
    return read_run(every_kind(folder))


def with_evidence(folder: Path, requirement: str) -> EvidenceFile:
    """Write what `conformance.evidence` writes for one check, hostile text included."""
    text = json.dumps(evidence(requirement), indent=1)
    path = folder / "evidence" / f"{requirement}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return EvidenceFile(path=f"evidence/{path.name}", sha256=digest)


def evidence(requirement: str) -> dict[str, Any]:
    return {
        "requirement": requirement,
        "began": 0.1,
        "ended": 0.6,
        "entries": [
            entry(0.1, "check", "step", f"begin {requirement}"),
            entry(0.2, "kubernetes", "ADDED", "Node worker-7", node("a"), revision=7),
            entry(0.4, "cloud", "call", "get instance", {"caller": "node-lifecycle"}, error="Gone"),
            entry(0.3, "api", "request", "patch nodes/worker-7", {"status": 200}),
            entry(0.5, "kubernetes", "MODIFIED", "Node worker-7", node(HOSTILE), revision=8),
            entry(0.6, "check", "expect", "labelled", {"held": False, "wanted": HOSTILE}),
        ],
        "objects": [{"kind": "Node", "name": "worker-7", "namespace": "", "object": node(HOSTILE)}],
        "events": [{"type": "Warning", "reason": "Odd", "message": HOSTILE}],
        "notes": ["3 earlier entries were cut"],
    }


def entry(
    at: float, lane: str, kind: str, title: str, detail: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    fixed = {"at": at, "lane": lane, "kind": kind, "title": title, "detail": detail or {}}
    return {"revision": None, "error": "", **fixed, **more}


def node(label: str) -> dict[str, Any]:
    return {
        "kind": "Node",
        "metadata": {"name": "worker-7", "labels": {"told": label}},
        "spec": {"providerID": "acme://worker-7"},
    }
