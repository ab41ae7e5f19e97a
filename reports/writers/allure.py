"""Allure results, written from the run file through allure_commons' model.

The same for every way of invoking: history hangs on provider, cluster backend and requirement, not
on a pytest node.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Label, Link, Parameter, StatusDetails, TestResult

from reports.judged import Judged, judged
from reports.model import Run

STATUS = {
    "passed": "passed",
    "failed": "failed",
    "silently-ignored": "failed",
    "unsupported": "skipped",
    "skipped": "skipped",
    "blocked": "skipped",
    "error": "broken",
    "not-run": "broken",
}

SEVERITY = {"required": "critical", "recommended": "minor", "optional": "normal"}

CATEGORIES = [
    {
        "name": "Silently ignored",
        "matchedStatuses": ["failed"],
        "messageRegex": "silently-ignored.*",
    },
    {"name": "Provider defect", "matchedStatuses": ["failed"], "messageRegex": "failed.*"},
    {"name": "Broken environment", "matchedStatuses": ["broken"]},
    {"name": "Blocked", "matchedStatuses": ["skipped"], "messageRegex": "blocked.*"},
    {"name": "Unsupported", "matchedStatuses": ["skipped"], "messageRegex": "unsupported.*"},
]


def write_allure(run: Run, evidence: Path, folder: Path) -> None:
    """Write one result file an outcome; `evidence` is where the run file's relative paths start."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    logger: Any = AllureFileLogger(str(folder))  # type: ignore[no-untyped-call]
    began = datetime.fromisoformat(run.header.started).timestamp()
    for one in judged(run):
        logger.report_result(_result(run, one, began, evidence, folder))
    header = run.header
    facts = {
        "provider": header.provider,
        "subject": f"{header.subject.name} {header.subject.version}".strip(),
        "cluster": f"{header.cluster.backend} {header.cluster.version}",
        "simulator": header.simulator or "none",
        "suite": header.suite_version,
    }
    lines = [f"{key} = {value}" for key, value in facts.items()]
    (folder / "environment.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "categories.json").write_text(json.dumps(CATEGORIES), encoding="utf-8")
    if executor := _executor(os.environ):
        (folder / "executor.json").write_text(json.dumps(executor), encoding="utf-8")


def _result(run: Run, one: Judged, began: float, evidence: Path, folder: Path) -> TestResult:
    row, outcome = one.row, one.outcome
    start = int((began + outcome.started) * 1000)
    cluster = run.header.cluster.backend
    message = f"{outcome.outcome}: {outcome.message}" if outcome.outcome != "passed" else ""
    return TestResult(
        uuid=str(uuid.uuid4()),
        historyId=_digest(f"{run.header.provider} {cluster} {row.requirement}"),
        testCaseId=_digest(row.requirement),
        fullName=row.requirement,
        name=f"{row.requirement} {row.title}",
        status=STATUS[outcome.outcome],
        statusDetails=StatusDetails(
            message=message or None,
            trace="\n".join(filter(None, (*one.remarks, outcome.reproduce))) or None,
            known=one.known,
            flaky=one.flaky,
        ),
        start=start,
        stop=start + int(outcome.duration * 1000),
        labels=[Label(name=name, value=value) for name, value in _labels(run, one)],
        links=[Link(type="link", url=outcome.known, name="known")] if one.known else [],
        parameters=[Parameter(name="cluster", value=cluster)],
        attachments=[
            _attach(source, file.media_type, folder)
            for file in outcome.evidence
            if (source := evidence / file.path).exists()
        ],
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _labels(run: Run, one: Judged) -> list[tuple[str, str]]:
    row = one.row
    return [
        ("epic", row.area),
        ("feature", row.capability or row.level),
        ("story", row.requirement),
        ("parentSuite", run.header.provider),
        ("suite", row.area),
        ("severity", SEVERITY[row.level]),
        ("framework", "cloud-provider-conformance"),
    ]


def _attach(source: Path, media_type: str, folder: Path) -> Attachment:
    name = f"{uuid.uuid4()}-attachment{source.suffix}"
    shutil.copyfile(source, folder / name)
    return Attachment(name=source.name, source=name, type=media_type)


def _executor(env: Mapping[str, str]) -> dict[str, Any]:
    """Who ran it, where a CI says so."""
    if "GITHUB_RUN_ID" in env:
        url = f"{env.get('GITHUB_SERVER_URL', '')}/{env.get('GITHUB_REPOSITORY', '')}"
        number = env["GITHUB_RUN_ID"]
        return {
            "name": "GitHub Actions",
            "type": "github",
            "buildName": number,
            "buildUrl": f"{url}/actions/runs/{number}",
        }
    if "BUILD_ID" in env and "JOB_NAME" in env:
        return {"name": "Prow", "type": "prow", "buildName": f"{env['JOB_NAME']}/{env['BUILD_ID']}"}
    return {}
