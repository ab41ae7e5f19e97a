from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from reports.writers.junit import write_junit
from tests.reports.sample import HOSTILE, ISSUE, every_kind_read, planned, recorded, run_of

FAILING = {"node.fails", "node.ignores", "node.expired", "node.stale", "node.leaks"}
BROKEN = {"node.errs", "node.unseen"}


@pytest.fixture
def root(tmp_path: Path) -> Element:
    write_junit(every_kind_read(tmp_path), tmp_path / "junit.xml")
    return parsed(tmp_path / "junit.xml")


def parsed(path: Path) -> Element:
    return ElementTree.parse(path).getroot()  # noqa: S314 - written by us


def verdicts(root: Element) -> dict[str, tuple[str, str]]:
    """Tag and message of the first testcase of each requirement."""
    told: dict[str, tuple[str, str]] = {}
    for case in root.iter("testcase"):
        found = [child for child in case if child.tag != "properties"]
        verdict = (found[0].tag, found[0].get("message", "")) if found else ("", "")
        told.setdefault(case.get("name", "").split()[0], verdict)
    return told


def test_each_outcome_has_its_tag(root: Element) -> None:
    told = verdicts(root)
    assert {id_ for id_, (tag, _) in told.items() if tag == "failure"} == FAILING
    assert {id_ for id_, (tag, _) in told.items() if tag == "error"} == BROKEN
    assert {id_ for id_, (tag, _) in told.items() if not tag} == {"node.passes", "node.flaky"}


def test_messages_lead_with_the_verdict(root: Element) -> None:
    told = {id_: message for id_, (_, message) in verdicts(root).items()}
    assert told["node.fails"] == f"failed: {HOSTILE}"
    assert told["node.ignores"].startswith("silently-ignored: ")
    assert told["node.stale"].startswith("stale: ")
    assert told["node.known"].startswith(f"known failure ({ISSUE}): ")
    assert told["node.wished"].startswith("recommended, failed: ")


def test_no_skip_is_without_a_reason(tmp_path: Path) -> None:
    outcomes = [
        recorded(f"a.{word}", word, message="") for word in ("skipped", "blocked", "unsupported")
    ]
    write_junit(run_of(*outcomes), tmp_path / "junit.xml")
    for skip in parsed(tmp_path / "junit.xml").iter("skipped"):
        assert skip.get("message") not in ("", "skipped", None)


def test_names_are_unique_but_for_attempts_and_the_last_one_comes_first(root: Element) -> None:
    names = Counter(case.get("name", "") for case in root.iter("testcase"))
    repeated = [name for name, number in names.items() if number > 1]
    assert repeated == ["node.flaky What node.flaky promises."]
    attempts = [case for case in root.iter("testcase") if case.get("name") in repeated]
    assert [case.find("failure") is not None for case in attempts] == [False, True, True]


def test_suites_count_what_they_hold(root: Element) -> None:
    suites = list(root)
    assert [suite.get("name") for suite in suites] == [
        "cloud-provider-conformance.node-initialization",
        "cloud-provider-conformance.node-lifecycle",
    ]
    for suite in suites:
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        for attribute, tag in {
            "failures": "failure",
            "errors": "error",
            "skipped": "skipped",
        }.items():
            assert suite.get(attribute) == str(len(suite.findall(f"testcase/{tag}")))


def test_properties_carry_facts_and_seconds(root: Element) -> None:
    case = next(root.iter("testcase"))
    properties = {p.get("name"): p.get("value") for p in case.iter("property")}
    assert properties == {
        "requirement": "node.passes",
        "area": "node-initialization",
        "level": "required",
        "provider": "acme",
        "outcome": "passed",
        "registered_seconds": "0.010",
        "untainted_seconds": "2.900",
        "still-there_seconds": "0.300",
    }


def test_a_failure_tells_how_to_see_it_again(root: Element) -> None:
    failure = next(root.iter("failure"))
    assert failure.text is not None
    assert "--focus" in failure.text


@pytest.mark.parametrize("text", ["\x00\x1b\uffff", "]]><testcase/>", "\"&<>'", "a\nb\tc"])
def test_hostile_text_stays_text(tmp_path: Path, text: str) -> None:
    row = planned("a.bad", title=text, area=f"area {text}")
    write_junit(run_of(recorded("a.bad", "failed", message=text), rows=[row]), tmp_path / "j.xml")
    assert len(list(parsed(tmp_path / "j.xml").iter("testcase"))) == 1


def test_what_never_counts_fails_no_job(tmp_path: Path) -> None:
    outcomes = [
        recorded("a.fails", "failed"),
        recorded("a.errs", "error"),
        recorded("a.flaky", attempts=2),
        recorded("a.stale", stale="works after all"),
    ]
    rows = [planned(outcome.requirement, level="recommended") for outcome in outcomes]
    write_junit(run_of(*outcomes, rows=rows), tmp_path / "junit.xml")
    root = parsed(tmp_path / "junit.xml")
    assert not [*root.iter("failure"), *root.iter("error")]
    assert len(list(root.iter("skipped"))) == 4
