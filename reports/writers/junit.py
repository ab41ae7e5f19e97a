"""JUnit XML as Prow, TestGrid and GitLab read it: one testcase a requirement, names unique.

TestGrid shows the first 140 characters of a message and drops a skip without one; GitLab keeps the
first testcase of a name, Prow calls a name flaky that both failed and passed: so the final attempt
comes first and earlier ones repeat the name.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from reports.claims import Judged, judged
from reports.model import Run

FILE = "junit_cloud-conformance_01.xml"
"""`junit_CONTEXT_TIMESTAMP_THREAD.xml` is what TestGrid's file pattern asks for."""

UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""

SUITE = "cloud-provider-conformance"


def write_junit(run: Run, path: Path) -> None:
    """One suite an area; the whole file is written at once."""
    root = Element("testsuites", name=SUITE)
    by_area: dict[str, list[Judged]] = {}
    for one in judged(run):
        by_area.setdefault(one.row.area, []).append(one)
    for area, rows in by_area.items():
        _suite(root, run, area, rows)
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _suite(root: Element, run: Run, area: str, rows: list[Judged]) -> None:
    words = [one.outcome.outcome for one in rows]
    suite = SubElement(
        root,
        "testsuite",
        name=f"{SUITE}.{area}",
        timestamp=run.header.started,
        tests=str(sum(max(1, one.outcome.attempts) for one in rows)),
        failures=str(sum(word in ("failed", "silently-ignored") for word in words)),
        errors=str(sum(word in ("error", "not-run") for word in words)),
        skipped=str(sum(word in ("skipped", "blocked", "unsupported") for word in words)),
        time=f"{sum(one.outcome.duration for one in rows):.3f}",
    )
    for one in rows:
        _case(suite, run, one)
        for attempt in range(1, one.outcome.attempts):
            earlier = _named(suite, run, one)
            _tell(earlier, "failure", f"attempt {attempt} failed; a later one is reported above")


def _case(suite: Element, run: Run, one: Judged) -> None:
    case = _named(suite, run, one)
    properties = SubElement(case, "properties")
    facts = {
        "requirement": one.row.requirement,
        "area": one.row.area,
        "level": one.row.level,
        "provider": run.header.provider,
        "outcome": one.outcome.outcome,
    }
    for name, value in facts.items():
        SubElement(properties, "property", name=name, value=value)
    for wait in one.outcome.waits:
        name = f"{wait.expectation}_seconds"
        SubElement(properties, "property", name=name, value=f"{wait.observed:.3f}")
    _verdict(case, one)


def _named(suite: Element, run: Run, one: Judged) -> Element:
    return SubElement(
        suite,
        "testcase",
        name=f"{one.row.requirement} {one.row.title}",
        classname=f"{run.header.provider}.{one.row.area}",
        time=f"{one.outcome.duration:.3f}",
    )


def _verdict(case: Element, one: Judged) -> None:
    outcome = one.outcome
    message = f"{outcome.outcome}: {outcome.message or 'no message'}"
    match outcome.outcome:
        case "failed" | "silently-ignored" if one.known:
            _tell(case, "skipped", f"known failure ({outcome.known}): {outcome.message}")
        case "failed" | "silently-ignored":
            _tell(case, "failure", message, outcome.reproduce)
        case "error" | "not-run":
            _tell(case, "error", message, outcome.reproduce)
        case "blocked" | "skipped":
            _tell(case, "skipped", message)
        case "unsupported":
            _tell(case, "skipped", "unsupported: declared absent and refused visibly")
        case "passed" if outcome.stale:
            _tell(case, "failure", f"stale: {outcome.stale}")
        case _:
            pass


def _tell(case: Element, tag: str, message: str, text: str = "") -> None:
    SubElement(case, tag, message=_clean(message)).text = _clean(f"{message}\n{text}".strip())


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("?", text)
