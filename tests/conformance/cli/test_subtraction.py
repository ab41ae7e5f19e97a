"""What the shared library fails as well is marked in the run file; everything else stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from conformance.cli.subtraction import candidates, nearest_library, subtract
from conformance.errors import ProgramMissing
from conformance.programs import linked
from conformance.request import request
from reports.model import Outcome
from reports.reading import read_run
from reports.writers.junit import write_junit
from reports.writers.markdown import markdown
from reports.writers.page import write_page
from tests.reports.sample import headed, planned, recorded, written

ASKED = request({"provider": "acme", "report_dir": "/tmp"})  # noqa: S108 - nothing is written
FAILED = ("node.shared", "node.own", "node.other-words")


@pytest.fixture(autouse=True)
def reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program is there, whatever this machine has."""
    monkeypatch.setattr(linked, "program_candidates", lambda *_: iter([Path("/reference")]))
    monkeypatch.setattr(linked, "linked_library", lambda _: "v0.36.3")


def run_file(folder: Path, **changes: Any) -> Path:
    """Three failures, and one row that passed."""
    header = headed(
        [planned(id_) for id_ in (*FAILED, "node.passes")],
        **{"controller_library": "v0.36.1", **changes},
    )
    outcomes = [recorded(id_, "failed", expectation="kept", known="url") for id_ in FAILED]
    return written(folder / "run.jsonl", header, [*outcomes, recorded("node.passes")])


class Reference:
    """Fails two of the three, one of them in another expectation."""

    def __init__(self) -> None:
        self.asked: Sequence[str] = ()
        self.options: Mapping[str, object] = {}

    def __call__(
        self, requirements: Sequence[str], options: Mapping[str, object]
    ) -> Mapping[str, Outcome]:
        self.asked, self.options = requirements, options
        found = [
            recorded("node.shared", "failed", expectation="kept"),
            recorded("node.own"),
            recorded("node.other-words", "failed", expectation="removed"),
        ]
        return {outcome.requirement: outcome for outcome in found}


def test_a_failure_of_both_is_the_librarys(tmp_path: Path) -> None:
    path = run_file(tmp_path)
    before, reference = read_run(path), Reference()

    told = subtract(path, ASKED, reference)

    assert "1 of 3 failures are also those of k8s.io/cloud-provider v0.36.3" in told
    assert list(reference.asked) == list(FAILED)
    assert reference.options["provider_option"] == ("library=0.36",)
    after = read_run(path)
    origins = {outcome.requirement: outcome.origin for outcome in after.outcomes}
    assert origins == {
        **dict.fromkeys((*FAILED, "node.passes"), ""),
        "node.shared": "shared-library",
    }
    assert after.header == before.header
    assert after.footer is not None
    assert before.footer is not None
    assert after.footer.counts == before.footer.counts
    assert [path.name for path in tmp_path.iterdir()] == ["run.jsonl"]


def test_every_format_shows_the_origin(tmp_path: Path) -> None:
    path = run_file(tmp_path)
    subtract(path, ASKED, Reference())
    run = read_run(path)
    write_junit(run, tmp_path / "junit.xml")
    write_page(run, tmp_path, tmp_path / "index.html")
    assert (
        '<property name="origin" value="shared-library" />' in (tmp_path / "junit.xml").read_text()
    )
    assert "origin: shared-library" in (tmp_path / "index.html").read_text()
    assert "origin: shared-library" in markdown(run)


def test_a_file_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = run_file(tmp_path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        subtract(path, ASKED, Reference())
    assert path.read_bytes() == before


def test_the_reason_is_said_where_nothing_can_be_subtracted(tmp_path: Path) -> None:
    unknown = subtract(run_file(tmp_path, controller_library=""), ASKED, Reference())
    assert "does not say which k8s.io/cloud-provider" in unknown

    def missing(*_: object) -> None:
        raise ProgramMissing("no reference-controller; install it")

    told = subtract(run_file(tmp_path), ASKED, missing)  # type: ignore[arg-type]
    assert told == "Upstream subtraction: none, because no reference-controller; install it"


def test_nothing_is_subtracted_from_a_run_that_was_interrupted(tmp_path: Path) -> None:
    header = headed([planned("node.own")], controller_library="v0.36.1")
    outcomes = [recorded("node.own", "failed", expectation="kept")]
    path = written(tmp_path / "run.jsonl", header, outcomes, interrupted=True)
    assert subtract(path, ASKED, Reference()) == ""


def test_nothing_is_subtracted_from_our_own_cloud_or_a_planted_bug(tmp_path: Path) -> None:
    for changes in ({"provider": "fake"}, {"planted": "defect x"}):
        path = run_file(tmp_path, **changes)
        assert candidates(read_run(path)) == []
        assert subtract(path, ASKED, Reference()) == ""


def test_the_nearest_pinned_library() -> None:
    assert nearest_library("v0.36.0") == "v0.36.3"
    assert nearest_library("v0.29.1") == "v0.35.4"
    assert nearest_library("v0.99.0") == "v0.37.2"
