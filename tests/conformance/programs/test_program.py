"""A supervised program is known before it runs and gone when its owner is, however that ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest

from conformance.errors import ProgramFailed
from conformance.ledger import RunLedger
from conformance.programs import SupervisedProgram, supervise, watcher
from conformance.programs import program as program_module

SHELL = Path("/bin/sh")
FOREVER = "exec tail -f /dev/null"
Run = Callable[..., AbstractContextManager[SupervisedProgram]]


@pytest.fixture
def ledger(tmp_path: Path) -> RunLedger:
    return RunLedger(tmp_path / "ledger.jsonl")


@pytest.fixture
def run(tmp_path: Path, ledger: RunLedger) -> Run:
    def run(script: str, *arguments: str, **env: str) -> AbstractContextManager[SupervisedProgram]:
        shell = ("-c", script, "sh", *arguments)
        return supervise(SHELL, shell, env, tmp_path / "program.log", ledger, "program")

    return run


def marked(marker: str) -> list[psutil.Process]:
    """Every process with `marker` among its arguments that lives on; one just killed may linger."""
    found = [
        process
        for process in psutil.process_iter(["cmdline"])
        if marker in (process.info["cmdline"] or ())
    ]
    _, alive = psutil.wait_procs(found, timeout=10)
    return alive


def test_it_runs_while_the_context_is_open_and_is_in_the_ledger(
    run: Run, ledger: RunLedger
) -> None:
    with run(FOREVER) as program:
        assert program.alive
        (entry,) = ledger.entries()
        assert entry.name == "program"
        assert psutil.Process(int(entry.facts["pid"])).is_running()

    assert not program.alive
    assert not psutil.pid_exists(int(entry.facts["pid"]))
    assert ledger.entries() == []


def test_the_entry_is_written_before_the_program_is_executed(
    tmp_path: Path, ledger: RunLedger
) -> None:
    copy = tmp_path / "seen.jsonl"
    arguments = ("-c", f"cp {ledger.path} {copy}")
    with supervise(SHELL, arguments, {}, tmp_path / "log", ledger, "copier") as program:
        program.ended_within(30)

    assert copy.read_text().startswith('{"op":"add"')


def test_stop_asks_first_and_start_runs_it_again(run: Run) -> None:
    script = "trap 'echo asked; exit 0' TERM; echo up; tail -f /dev/null & wait"
    with run(script) as program:
        _until_logged(program, "up", 1)
        program.stop()
        assert not program.alive
        assert program.exit_status == 0
        program.start()
        assert program.alive
        _until_logged(program, "up", 2)

    assert program.last_lines().split() == ["up", "asked", "up", "asked"]


def _until_logged(program: SupervisedProgram, word: str, times: int) -> None:
    while program.last_lines().split().count(word) < times:
        assert program.alive


def test_a_program_that_does_not_listen_is_killed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program_module, "GRACE", 0.01)
    with run("trap '' TERM; echo up; while :; do tail -f /dev/null; done") as program:
        _until_logged(program, "up", 1)

    assert program.exit_status == 128 + signal.SIGKILL


def test_kill_ends_the_whole_group(run: Run) -> None:
    marker = str(uuid.uuid4())
    with run(f"tail -f /dev/null {marker} & {FOREVER} {marker}", marker) as program:
        program.kill()

    assert marked(marker) == []


def test_a_program_that_ends_takes_its_children_along(run: Run) -> None:
    marker = str(uuid.uuid4())
    with run("sh -c 'read x < /dev/tty || exec tail -f /dev/null' $1 & exit 3", marker) as program:
        program.ended_within(30)

    assert program.exit_status == 3
    assert marked(marker) == []


def test_arguments_and_environment_reach_it_untouched(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    script = 'echo "$1|$GREETING|${AWS_PROFILE-unset}"'
    with run(script, "a b; $(c)", GREETING="hello world") as program:
        program.ended_within(30)

    assert program.last_lines() == "a b; $(c)|hello world|unset"


def test_output_is_kept_up_to_a_limit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_module, "LOG_LIMIT", 100_000)
    with run("i=0; while [ $i -lt 30000 ]; do echo line $i; i=$((i+1)); done") as program:
        program.ended_within(60)

    assert program.last_lines(1) == "line 29999"
    assert program.log.stat().st_size <= 100_000
    assert program.log.with_name("program.log.old").stat().st_size <= 100_000


def test_what_cannot_be_executed_says_so_and_leaves_no_entry(
    tmp_path: Path, ledger: RunLedger
) -> None:
    path = tmp_path / "not-a-program"
    path.write_text("")
    with pytest.raises(ProgramFailed, match="not-a-program was not executed: Permission denied"):
        with supervise(path, (), {}, tmp_path / "log", ledger, "acme"):
            pass

    assert ledger.entries() == []


OWNER = """
import os, signal, sys
from pathlib import Path
from conformance.ledger import RunLedger
from conformance.programs import SupervisedProgram, supervise

folder, marker, moment = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
script = "tail -f /dev/null " + marker + " & exec tail -f /dev/null " + marker
if moment == "before-it-hears-the-pid":
    SupervisedProgram._first_line = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
ledger = RunLedger(folder / "ledger.jsonl")
with supervise(Path("/bin/sh"), ("-c", script, marker), {}, folder / "log", ledger, "x"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["while-it-runs", "before-it-hears-the-pid"])
def test_killing_the_owner_leaves_no_process(tmp_path: Path, moment: str) -> None:
    marker = str(uuid.uuid4())
    owner = (sys.executable, "-c", OWNER, str(tmp_path), marker, moment)
    ended = subprocess.run(owner, check=False)  # noqa: S603

    assert ended.returncode == -signal.SIGKILL
    psutil.wait_procs(marked(marker), timeout=30)
    assert marked(marker) == []
    assert [entry.name for entry in RunLedger(tmp_path / "ledger.jsonl").entries()] == ["x"]


def test_a_watcher_whose_owner_is_gone_already_takes_the_program_along(tmp_path: Path) -> None:
    marker = str(uuid.uuid4())
    command = (sys.executable, "-I", "-S", watcher.__file__, str(tmp_path / "log"), "1000", "")
    nobody_reads, owner = os.pipe()
    os.close(nobody_reads)
    ended = subprocess.run(  # noqa: S603
        (*command, "/bin/sh", "-c", f"{FOREVER} {marker}"),
        stdin=subprocess.DEVNULL,
        stdout=owner,
        check=False,
        timeout=60,
    )
    os.close(owner)

    assert ended.returncode == 128 + signal.SIGKILL
    assert marked(marker) == []


def test_a_program_whose_watcher_was_killed_is_ended_all_the_same(
    run: Run, ledger: RunLedger
) -> None:
    with run(FOREVER) as program:
        child = psutil.Process(int(ledger.entries()[0].facts["pid"]))
        watching = child.parent()
        assert watching is not None
        watching.kill()
        program.stop()

    child.wait(timeout=30)  # ended, and reaped by whoever adopted it
