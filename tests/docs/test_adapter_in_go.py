"""The example in Go is built and run: its verdicts are those of the adapter in Python."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from conformance.api import ProviderOptions, find_program_linking
from conformance.errors import ProgramMissing
from reports.comparison import other_verdicts
from tests.providers.exec.test_adapter import runs_of

EXAMPLE = Path(__file__).parents[2] / "docs" / "how-to" / "adapter-in-go"
CONTROLLER = "reference-controller"


def test_it_is_short() -> None:
    lines = (EXAMPLE / "main.go").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    assert "require" not in (EXAMPLE / "go.mod").read_text(encoding="utf-8")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not on PATH")
    program = tmp_path / "go-adapter"
    build = [go, "build", "-o", str(program), "."]
    subprocess.run(build, cwd=EXAMPLE, check=True, timeout=300)  # noqa: S603 - our own sources
    return program


@pytest.fixture
def controller() -> Path:
    try:
        return find_program_linking(CONTROLLER, "", ProviderOptions())
    except ProgramMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.real
def test_its_verdicts_are_those_of_the_adapter_in_python(
    tmp_path: Path, example: Path, controller: Path
) -> None:
    program = ("--program", f"{CONTROLLER}={controller}")
    python, go = runs_of(
        tmp_path,
        [
            ("--provider", "fake", "--controllers", "go", *program),
            ("--adapter-exec", str(example), *program),
        ],
    )
    assert len(go.outcomes) >= 45
    both = {row.requirement for row in python.header.plan.rows} & {
        row.requirement for row in go.header.plan.rows
    }
    assert not [other for other in other_verdicts(python, go) if other.requirement in both]
