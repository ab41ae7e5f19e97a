from __future__ import annotations

from pathlib import Path

import pytest

from reports.reading import NoFooter
from reports.writers.all_formats import write_reports
from tests.reports.sample import every_kind


@pytest.fixture(autouse=True)
def no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def test_every_format_is_written_and_named(tmp_path: Path) -> None:
    paths = write_reports(every_kind(tmp_path), tmp_path)
    assert [path.name for path in paths] == [
        "junit_cloud-conformance_01.xml",
        "allure-results",
        "summary.md",
        "index.html",
    ]
    assert all(path.exists() for path in paths)


def test_another_folder_still_finds_the_evidence(tmp_path: Path) -> None:
    run_file = every_kind(tmp_path / "run")
    out = tmp_path / "elsewhere" / "deep"
    write_reports(run_file, out)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="../../run/evidence/node.fails.json"' in page
    assert (out / "../../run/evidence/node.fails.json").exists()


def test_a_step_summary_is_added_to_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = tmp_path / "step.md"
    step.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    write_reports(every_kind(tmp_path), tmp_path)
    assert step.read_text().startswith("before\n## Cloud provider conformance: acme\n")


def test_a_cut_file_makes_reports_on_request_only(tmp_path: Path) -> None:
    run_file = every_kind(tmp_path)
    run_file.write_bytes(run_file.read_bytes()[:-9])
    with pytest.raises(NoFooter):
        write_reports(run_file, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    write_reports(run_file, tmp_path / "out", partial=True)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "This run did not end" in page
    assert "incomplete" in page
