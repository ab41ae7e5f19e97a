"""Faults planted in checks must come out right in run file, JUnit, page and exit code."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pipeline.conftest import Finished, run

EXPECTED = {
    "passes": "passed",
    "fails": "failed",
    "fails-known": "failed",
    "fails-expired": "failed",
    "passes-listed": "passed",
    "recommended-fails": "failed",
    "errors": "error",
    "decides-nothing": "error",
    "never-defined": "error",
    "leaves-our-leak": "error",
    "leaves-the-subjects-leak": "failed",
    "fails-in-clean-up": "error",
    "blocked": "blocked",
    "blocked-by-passed": "error",
    "silent-witness": "error",
    "hangs": "error",
    "tells-a-secret": "failed",
    "refused": "unsupported",
    "ignored": "silently-ignored",
    "works-after-all": "passed",
    "kills-its-worker": "not-run",
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Every planted fault in one run on two workers."""
    return run(tmp_path_factory.mktemp("everything"), "-n", "2", "--check-timeout", "3")


@pytest.mark.parametrize(("name", "outcome"), EXPECTED.items())
def test_each_fault_has_its_outcome(everything: Finished, name: str, outcome: str) -> None:
    record = everything.records[f"pipe.{name}"]
    assert record["outcome"] == outcome, record["message"]


def test_the_run_is_broken_as_a_whole(everything: Finished) -> None:
    assert everything.code in (1, 3)
    footer = everything.lines[-1]
    assert footer["kind"] == "RunFooter"
    assert sum(footer["counts"].values()) == len(EXPECTED)


def test_annotations_tell_known_expired_and_stale(everything: Finished) -> None:
    records = everything.records
    assert records["pipe.fails-known"]["known"].startswith("https://")
    assert "expired" in records["pipe.fails-expired"]["known"]
    assert records["pipe.passes-listed"]["stale"]
    assert records["pipe.works-after-all"]["stale"]


def test_junit_holds_every_requirement_once(everything: Finished) -> None:
    tree = ElementTree.parse(everything.folder / "junit_cloud-conformance_01.xml")  # noqa: S314
    names = [case.get("name", "") for case in tree.iter("testcase")]
    assert sorted(n.split()[0] for n in names) == sorted(f"pipe.{name}" for name in EXPECTED)
    failing = {
        c.get("name", "").split()[0] for c in tree.iter("testcase") if len(c.findall("failure"))
    }
    assert "pipe.fails" in failing
    assert "pipe.passes" not in failing


def test_the_page_shows_every_requirement(everything: Finished) -> None:
    page = (everything.folder / "index.html").read_text(encoding="utf-8")
    assert all(f"pipe.{name}" in page for name in EXPECTED)


def test_the_secret_is_nowhere(everything: Finished) -> None:
    canary = b"canary-secret-7d1f"
    told = [f for f in everything.folder.rglob("*") if f.is_file() and canary in f.read_bytes()]
    assert not told
    assert canary.decode() not in everything.output


def test_an_area_without_cluster_starts_none(everything: Finished) -> None:
    """The backend refuses to start, and would have made every outcome an error."""
    assert everything.lines[0]["cluster"]["backend"] == "refusing"
    assert everything.records["pipe.passes"]["outcome"] == "passed"


@pytest.mark.parametrize(
    ("focus", "code"),
    [
        ("pipe.passes", 0),
        ("pipe.fails", 1),
        ("pipe.fails-known", 0),
        ("pipe.fails-expired", 1),
        ("pipe.passes-listed", 1),
        ("pipe.recommended-fails", 0),
        ("pipe.errors", 3),
        ("pipe.refused", 0),
        ("pipe.ignored", 1),
        ("pipe.works-after-all", 1),
        ("pipe.never-defined", 3),
        ("pipe.kills-its-worker", 3),
    ],
)
def test_exit_codes(tmp_path: Path, focus: str, code: int) -> None:
    workers = "1" if focus == "pipe.kills-its-worker" else "0"
    finished = run(tmp_path, "--focus", focus, "-n", workers)
    assert finished.code == code, finished.output


def test_a_skip_is_recorded_with_its_reason(tmp_path: Path) -> None:
    finished = run(tmp_path, "--focus", "pipe.[pf]a*s*", "--skip", "pipe.fail*=known trouble")
    assert finished.code == 1
    assert finished.records["pipe.fails"]["outcome"] == "skipped"
    assert finished.records["pipe.fails"]["message"] == "known trouble"
