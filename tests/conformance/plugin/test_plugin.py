"""The pytest plugin as users meet it: inert elsewhere, one line on a wrong request."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "kubernetes",
    "msgspec",
    "yaml",
    "jinja2",
    "rich",
    "click",
    "fake_cloud",
    "conformance.plan",
)
"""What a foreign pytest run must not be made to import."""


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_plugin_module_imports_nothing_heavy() -> None:
    code = "import sys, conformance.plugin; print(*sys.modules)"
    loaded = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in HEAVY if name in loaded]


def test_a_foreign_run_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "test_foreign.py").write_text("def test_it(): pass\n", encoding="utf-8")
    done = run_pytest(tmp_path, "-q")
    assert done.returncode == 0, done.stdout
    assert not (tmp_path / "conformance-results").exists()


def test_an_unknown_provider_is_one_line(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "--pyargs", "conformance.suites", "--conformance-provider", "fakke")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "unknown provider 'fakke'; did you mean 'fake'?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("workers", [[], ["-n", "0"], ["-n", "2"], ["-p", "no:xdist"]])
def test_bare_pytest_writes_the_same_verdicts(tmp_path: Path, workers: list[str]) -> None:
    arguments = ["--pyargs", "conformance.suites", "--conformance-provider", "fake"]
    arguments += ["--conformance-focus", "node.init.p*", "--alluredir", str(tmp_path / "allure")]
    done = run_pytest(tmp_path, *arguments, *workers)
    assert done.returncode == 0, done.stdout
    text = (tmp_path / "conformance-results" / "run.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[-1]["counts"] == {"passed": 6}
    labels = [
        (label["name"], label["value"])
        for result in (tmp_path / "allure").glob("*-result.json")
        for label in json.loads(result.read_text(encoding="utf-8"))["labels"]
    ]
    assert ("story", "node.init.provider-id-set") in labels
    assert ("parentSuite", "fake") in labels


def test_options_are_the_same_words_in_both_worlds() -> None:
    from click.testing import CliRunner

    from conformance.cli import cloud_conformance
    from conformance.options import OPTIONS, flag_in_pytest

    told = CliRunner().invoke(cloud_conformance, ["run", "--help"]).output
    assert all(f"--{option.name}" in told for option in OPTIONS)
    assert len({flag_in_pytest(option) for option in OPTIONS}) == len(OPTIONS)
