"""A folder that cannot be written into, a disk that is full: one line, and what stands stands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from conformance.occupation import occupy
from reports.reading import read_run
from tests.pipeline.conftest import Finished, command, finished, run

PASSES = ("--focus", "pipe.passes")


def told_in_one_line(done: Finished, code: int, told: str) -> None:
    assert done.code == code, done.output
    assert told in done.output
    assert "Traceback" not in done.output
    assert "INTERNALERROR" not in done.output


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_results_cannot_go_where_a_file_is(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    done = run(tmp_path, *PASSES, report_dir=place)
    told_in_one_line(done, 3, "wanted a folder that results can be written into, saw: ")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_results_cannot_go_where_nothing_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o555)
    for place in ("locked", "locked/below"):
        done = run(tmp_path, *PASSES, report_dir=place)
        told_in_one_line(done, 3, "Permission denied")


def test_bare_pytest_tells_it_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    words = [sys.executable, "-m", "pytest", "--pyargs", "conformance.suites"]
    words += ["--conformance-provider", "fake", "--conformance-report-dir", "file"]
    told_in_one_line(finished(tmp_path, words, tmp_path), pytest.ExitCode.USAGE_ERROR, "saw: File")


def test_a_path_that_no_text_can_hold_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, *PASSES, report_dir="\udcff")
    told_in_one_line(done, 2, "--report-dir: wanted text in UTF-8")


def test_the_folder_of_another_run_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "run.jsonl"
    theirs.write_text("theirs")
    with occupy(tmp_path, "0a1b2c3d"):
        done = run(tmp_path, *PASSES)
    told_in_one_line(done, 2, f"run 0a1b2c3d (pid {os.getpid()}) is writing into {tmp_path}")
    assert theirs.read_text() == "theirs"
    assert run(tmp_path, *PASSES).code == 0


def test_a_format_that_cannot_be_written_hides_no_verdict(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "missing" / "step.md")
    done = run(tmp_path, *PASSES, GITHUB_STEP_SUMMARY=nowhere)
    told_in_one_line(done, 3, f"error: {nowhere}: could not be written: FileNotFoundError")
    assert "pipeline  1 passed" in done.output
    assert (tmp_path / "index.html").exists()
    failing = run(tmp_path, "--focus", "pipe.fails", GITHUB_STEP_SUMMARY=nowhere)
    told_in_one_line(failing, 1, nowhere)


def with_small_files(folder: Path, size: int, *arguments: str) -> Finished:
    """A run whose every file ends at `size` bytes, as on a disk that becomes full."""
    python, option, program, *words = command(folder, "run", "--area", "pipeline", *arguments)
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size},) * 2)"
    return finished(folder, [python, option, f"{limited}; {program}", *words], folder)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_that_cannot_be_recorded_ends_and_leaves_what_it_has(
    tmp_path: Path, workers: str
) -> None:
    arguments = ["--provider", "stub", "--cluster", "refusing", "-n", workers]
    arguments += ["--focus", "pipe.passes", "--skip", "pipe.fails=later", "--focus", "pipe.fails"]
    whole = with_small_files(tmp_path, 10**8, *arguments)
    assert whole.code == 0, whole.output
    header, skipped, *_ = (tmp_path / "run.jsonl").read_bytes().splitlines(keepends=True)
    cut = with_small_files(tmp_path, len(header) + len(skipped) + 9, *arguments)
    told_in_one_line(
        cut, 3, "could not be written: File too large; what was recorded so far stands"
    )
    run_file = read_run(tmp_path / "run.jsonl", partial=True)
    assert [outcome.outcome for outcome in run_file.outcomes] == ["skipped"]
    assert not list((tmp_path / "ledger").glob("*"))


def test_a_run_that_cannot_be_begun_leaves_nothing(tmp_path: Path) -> None:
    done = with_small_files(tmp_path, 900, "--provider", "stub", "--cluster", "refusing", *PASSES)
    told_in_one_line(done, 3, "run.jsonl: could not be written: File too large")
    assert not (tmp_path / "run.jsonl").exists()
    assert not list((tmp_path / "ledger").glob("*"))
