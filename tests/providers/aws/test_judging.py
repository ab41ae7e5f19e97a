"""The real controller is judged on the embedded API, from the command line to the run file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.api import ProviderOptions, find_program
from conformance.errors import ProgramMissing
from providers.aws.cloud_controller import PROGRAM

pytestmark = pytest.mark.real

ASKED = ("node.init.taint-removed", "node.addr.match", "life.deleted.removed")


@pytest.fixture
def program() -> Path:
    try:
        return find_program(PROGRAM, ProviderOptions())
    except ProgramMissing as missing:
        pytest.skip(str(missing))


def test_the_unmodified_controller_passes(program: Path, tmp_path: Path) -> None:
    focus = [word for id_ in ASKED for word in ("--focus", id_)]
    command = "import sys; from conformance.cli import main; sys.exit(main())"
    run = subprocess.run(  # noqa: S603 - our own interpreter
        [
            *(sys.executable, "-c", command, "run", "--provider", "aws", "--cluster", "embedded"),
            *("--program", f"{PROGRAM}={program}", "--report-dir", str(tmp_path), *focus),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    outcomes = {line["requirement"]: line["outcome"] for line in lines if "outcome" in line}
    assert outcomes == dict.fromkeys(ASKED, "passed")
