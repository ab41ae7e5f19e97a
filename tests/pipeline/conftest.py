"""Runs the command line on the planted area in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

collect_ignore = ["site"]

SITE = Path(__file__).parent / "site"
ROOT = Path(__file__).parents[2]
LIMIT = 120
STUB = ("--provider", "stub", "--area", "pipeline", "--cluster", "refusing")


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run left: exit code, text, and the lines of its run file."""

    code: int
    output: str
    folder: Path

    @property
    def lines(self) -> list[dict[str, Any]]:
        text = (self.folder / "run.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    @property
    def records(self) -> dict[str, dict[str, Any]]:
        return {line["requirement"]: line for line in self.lines if line["kind"] == "Outcome"}


def environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(SITE), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **more}


def command(folder: Path, *arguments: str) -> list[str]:
    program = [sys.executable, "-c", "from conformance.cli import main; main()"]
    return [*program, *arguments, "--report-dir", str(folder)]


def run(folder: Path, *arguments: str, report_dir: str = "", **env: str) -> Finished:
    """A run to its end in this folder; results go there as well, unless `report_dir` says where."""
    place = folder / report_dir
    return finished(folder, command(place, "run", *STUB, *arguments), place, **env)


def finished(cwd: Path, words: Sequence[str], place: Path, **env: str) -> Finished:
    """What this command left in the results folder `place`."""
    done = subprocess.run(  # noqa: S603 - our own program
        words,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        env=environment(**env),
        cwd=cwd,
        check=False,
    )
    return Finished(done.returncode, done.stdout + done.stderr, place)


def start(folder: Path, arguments: Sequence[str]) -> subprocess.Popen[str]:
    """A run that goes on; output goes to a file, so that nothing blocks."""
    with (folder / "output.txt").open("w") as output:
        return subprocess.Popen(  # noqa: S603 - our own program
            command(folder, "run", *STUB, *arguments),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
            cwd=folder,
            start_new_session=True,
        )


def wait_for_record(folder: Path, running: subprocess.Popen[str]) -> None:
    """Return when the run file holds a first record."""
    deadline = time.monotonic() + LIMIT
    run_file = folder / "run.jsonl"
    while time.monotonic() < deadline and running.poll() is None:
        if run_file.exists() and '"kind":"Outcome"' in run_file.read_text(encoding="utf-8"):
            return
        running_for_a_moment(running)
    pytest.fail(f"no record appeared: {(folder / 'output.txt').read_text(encoding='utf-8')}")


def running_for_a_moment(running: subprocess.Popen[str]) -> None:
    try:
        running.wait(timeout=0.05)
    except subprocess.TimeoutExpired:
        return


def end(running: subprocess.Popen[str], signal_number: int = signal.SIGTERM) -> int:
    running.send_signal(signal_number)
    return running.wait(timeout=LIMIT)
