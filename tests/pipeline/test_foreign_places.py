"""What stands around a run in its folder and its environment: none of it may spoil the run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.pipeline.conftest import finished, run

PASSES = ("--focus", "pipe.passes")


@pytest.fixture
def shadowed(tmp_path: Path) -> Path:
    """A working directory with a package of our name that cannot even be imported."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "__init__.py").write_text("raise RuntimeError('foreign')\n")
    return tmp_path


def test_a_folder_with_a_name_of_ours_is_told_on_the_command_line(shadowed: Path) -> None:
    done = run(shadowed, *PASSES, report_dir="results")
    assert done.code == 2, done.output
    assert "the package `reports` comes from" in done.output
    assert "Traceback" not in done.output


def test_a_folder_with_a_name_of_ours_is_told_by_bare_pytest(shadowed: Path) -> None:
    words = [sys.executable, "-m", "pytest", "--pyargs", "conformance.suites"]
    done = finished(shadowed, [*words, "--conformance-provider", "fake"], shadowed)
    assert done.code == pytest.ExitCode.USAGE_ERROR, done.output
    assert "the package `reports` comes from" in done.output
    assert "Traceback" not in done.output
    assert "INTERNALERROR" not in done.output


def test_settings_of_foreign_pytest_runs_are_left_aside(tmp_path: Path) -> None:
    foreign = {"PYTEST_PLUGINS": "nothing_of_this_name", "PYTEST_ADDOPTS": "--nothing"}
    done = run(tmp_path, *PASSES, "-n", "2", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", **foreign)
    assert done.code == 0, done.output
    assert done.records["pipe.passes"]["outcome"] == "passed"
    assert "-n 1 instead of 2: there are no more checks" in done.output


def test_claims_are_told_for_the_profiles_that_were_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, *PASSES, "--profile", "core")
    assert "\ncore: " in done.output
    assert "process:" not in done.output
    assert "disturbed" not in done.output
