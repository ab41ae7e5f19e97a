"""An interrupted run keeps what was recorded, and `clean` removes what it left."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.pipeline.conftest import Finished, command, end, environment, start, wait_for_record

HANGING = ["--focus", "pipe.passes", "--focus", "pipe.hangs", "--check-timeout", "300"]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_interrupted_run_is_sealed(
    tmp_path: Path, signal_number: int, workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    running = start(tmp_path, [*HANGING, "-n", workers])
    wait_for_record(tmp_path, running)
    code = end(running, signal_number)
    finished = Finished(code, "", tmp_path)
    assert finished.lines[-1]["interrupted"] is True
    assert finished.records["pipe.passes"]["outcome"] == "passed"
    assert finished.records["pipe.hangs"]["outcome"] in ("not-run", "error")
    assert code == 3
    assert not list(temporary.glob("cpc-*"))
    assert not list((tmp_path / "ledger").glob("*"))


def test_a_killed_run_is_readable_in_part(tmp_path: Path) -> None:
    running = start(tmp_path, [*HANGING, "-n", "0"])
    wait_for_record(tmp_path, running)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    cleaned = subprocess.run(  # noqa: S603 - our own program
        command(tmp_path, "clean"), capture_output=True, text=True, env=environment(), check=False
    )
    assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
    assert not list((tmp_path / "ledger").glob("*.jsonl"))
    reported = subprocess.run(  # noqa: S603 - our own program
        [*command(tmp_path, "report")[:-2], str(tmp_path / "run.jsonl"), "--partial"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert reported.returncode == 3, reported.stdout + reported.stderr
    assert "incomplete" in reported.stdout
