"""The adapter is as it declares itself to be, and its provider keeps the core promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def conformance(*words: str) -> subprocess.CompletedProcess[str]:
    program = (sys.executable, "-c", "from conformance.cli import main; main()")
    return subprocess.run((*program, *words), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [("doctor",), ("run", "--profile", "core")])
def test_command_finds_nothing_wrong(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = conformance(*words, "--provider", "acme", "--report-dir", str(tmp_path))
    assert ended.returncode == 0, ended.stdout + ended.stderr
