"""JUnit XML as Prow, TestGrid and GitLab read it: one testcase a requirement, names unique.

TestGrid shows the first 140 characters of a message and drops a skip without one; GitLab keeps the
first testcase of a name, Prow calls a name flaky that both failed and passed: so the final attempt
comes first and earlier ones repeat the name.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from reports.judged import Judged, judged
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
    for element in root.iter():
        element.attrib = {name: _clean(value) for name, value in element.attrib.items()}
        element.text = _clean(element.text or "")
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _suite(root: Element, run: Run, area: str, rows: list[Judged]) -> None:
    suite = SubElement(root, "testsuite", name=f"{SUITE}.{area}", timestamp=run.header.started)
    for one in rows:
        _case(suite, run, one)
        for attempt in range(1, one.outcome.attempts):
            earlier = _named(suite, run, one)
            tag = "failure" if one.counts else "skipped"
            _tell(earlier, tag, f"attempt {attempt} failed; a later one is reported above")
    suite.set("tests", str(len(suite)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{sum(one.outcome.duration for one in rows):.3f}")


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
    if one.outcome.origin:
        facts["origin"] = one.outcome.origin
    waits = {f"{wait.expectation}_seconds": f"{wait.observed:.3f}" for wait in one.outcome.waits}
    for name, value in {**facts, **waits}.items():
        SubElement(properties, "property", name=name, value=value)
    tag, message = _verdict(one)
    if tag:
        _tell(case, tag, message, *one.remarks, one.outcome.reproduce)


def _named(suite: Element, run: Run, one: Judged) -> Element:
    return SubElement(
        suite,
        "testcase",
        name=f"{one.row.requirement} {one.row.title}",
        classname=f"{run.header.provider}.{one.row.area}",
        time=f"{one.outcome.duration:.3f}",
    )


def _verdict(one: Judged) -> tuple[str, str]:
    """Tag and message; recommended requirements never count, so they never fail a job either."""
    tag, message = _told(one)
    if tag in ("failure", "error") and not one.counts:
        return "skipped", f"recommended, {message}"
    return tag, message


def _told(one: Judged) -> tuple[str, str]:
    outcome = one.outcome
    message = f"{outcome.outcome}: {outcome.message or 'no message'}"
    match outcome.outcome:
        case "failed" | "silently-ignored" if one.known:
            return "skipped", f"known failure ({outcome.known}): {outcome.message}"
        case "failed" | "silently-ignored":
            return "failure", message
        case "error" | "not-run":
            return "error", message
        case "blocked" | "skipped":
            return "skipped", message
        case "unsupported":
            return "skipped", "unsupported: declared absent and refused visibly"
        case "passed" if outcome.stale:
            return "failure", f"stale: {outcome.stale}"
    return "", ""


def _tell(case: Element, tag: str, message: str, *more: str) -> None:
    SubElement(case, tag, message=message).text = "\n".join(filter(None, (message, *more)))


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("?", text)
