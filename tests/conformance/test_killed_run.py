"""Kill -9 of a run at any moment: what was recorded stays readable, `clean` removes the rest."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from conformance.clusters.binaries import BinariesBackend
from conformance.contracts.clusters import ClusterOptions
from conformance.errors import ProgramMissing
from conformance.ledger import WORKER, LedgerEntry, ledger_files, open_entries
from reports.model import Outcome
from reports.reading import read_run

pytestmark = pytest.mark.real

COMMAND = (sys.executable, "-c", "from conformance.cli import main; main()")

LIMIT = 180.0
"""Seconds until a run, or what is waited for in one, counts as hanging."""

EARLIEST, LATEST = 0.5, 15.0
"""Seconds after its start at which a run is killed: from its imports to its last checks."""

UNGREETED = 20.0
"""Seconds that an xdist worker may live on whose runner died before it was in the ledger."""


class Run:
    """A run on `binaries` whose every process works in `folder` or speaks of it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.results = folder / "results"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        with (folder / "output.txt").open("w") as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                (*COMMAND, *self._words("run"), "--provider", "fake", *arguments),
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "TMPDIR": str(self.temporary)},
                cwd=folder,
                start_new_session=True,
            )

    def _words(self, command: str) -> tuple[str, ...]:
        return (command, "--report-dir", str(self.results))

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command of ours, from somewhere else."""
        return subprocess.run(  # noqa: S603 - our own program
            (*COMMAND, *words), capture_output=True, text=True, timeout=LIMIT, check=False
        )

    def clean(self) -> subprocess.CompletedProcess[str]:
        return self.call(*self._words("clean"))

    @property
    def run_file(self) -> Path:
        return self.results / "run.jsonl"

    @property
    def begun(self) -> bool:
        """Whether the run file has its first line."""
        return self.run_file.exists() and b"\n" in self.run_file.read_bytes()

    @property
    def worlds(self) -> list[Path]:
        """Folders of its workers."""
        return list(self.temporary.glob("cpc-*"))

    @property
    def ledgers(self) -> list[Path]:
        return [path for paths in ledger_files(self.results).values() for path in paths]

    def entries(self, kind: str) -> list[LedgerEntry]:
        found = [entry for path in self.ledgers for entry in open_entries(path)]
        return [entry for entry in found if entry.kind == kind]

    @property
    def processes(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._mine(process)]

    def _mine(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            words = [*process.cmdline(), process.cwd()]
            return any(str(self.folder) in word for word in words)
        return False

    def wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LIMIT
        while not holds():
            assert self.process.poll() is None, (self.folder / "output.txt").read_text()
            assert time.monotonic() < deadline
            self.runs_on(0.05)

    def runs_on(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Starts a run; skips where no kube-apiserver is found."""
    try:
        BinariesBackend().probe(ClusterOptions())
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    started: list[Run] = []

    def run(*arguments: str) -> Run:
        started.append(Run(tmp_path, "--cluster", "binaries", *arguments))
        return started[-1]

    yield run
    for one in started:
        with suppress(ProcessLookupError):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait()


def listening(processes: list[psutil.Process]) -> set[int]:
    found: set[int] = set()
    for process in processes:
        with suppress(psutil.Error):
            here = process.net_connections("tcp")
            found |= {c.laddr.port for c in here if c.status == psutil.CONN_LISTEN}
    return found


def held(ports: set[int], since: float) -> set[int]:
    """Those of `ports` that a process older than `since` listens on."""
    older = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            older += [process] if process.create_time() < since else []
    return ports & listening(older)


def kill_somewhere(run: Run, seed: int) -> tuple[float, str, set[int]]:
    """Kill the whole group or the runner alone; when and what, and the ports that were open."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    moment = chance.uniform(EARLIEST, LATEST)
    whole = chance.random() < 0.5
    run.runs_on(moment)
    ports = listening(run.processes)
    if run.process.poll() is None:
        (os.killpg if whole else os.kill)(run.process.pid, signal.SIGKILL)
    run.process.wait()
    return moment, "group" if whole else "runner", ports


def records(run: Run) -> list[Outcome]:
    """What was recorded so far."""
    return list(read_run(run.run_file, partial=True).outcomes) if run.begun else []


def assert_readable(run: Run) -> None:
    """Whatever there is of a run file, the command line reads it, as incomplete if it was cut."""
    if not run.begun:
        return
    report = run.call("report", str(run.run_file), "--partial", "--out", str(run.folder / "report"))
    if read_run(run.run_file, partial=True).footer is None:
        assert report.returncode == 3, report.stdout + report.stderr
        assert "incomplete" in report.stdout


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_that_is_killed_somewhere_leaves_nothing_after_clean(
    start: Callable[..., Run], seed: int
) -> None:
    run = start("-n", "0" if seed % 3 == 0 else "2")
    _, _, ports = kill_somewhere(run, seed)
    killed = time.time()

    cleaned = run.clean()
    assert cleaned.returncode == 0, cleaned.stdout + cleaned.stderr
    psutil.wait_procs(run.processes, timeout=UNGREETED)
    assert run.processes == []
    assert not held(ports, killed)
    assert run.worlds == []
    assert run.ledgers == []
    assert "0 removed, 0 left" in run.clean().stdout
    assert_readable(run)


def test_a_run_goes_on_without_a_worker_that_is_killed(start: Callable[..., Run]) -> None:
    run = start("-n", "2")
    run.wait_until(lambda: any("gw0" in path.name for path in run.ledgers))
    run.wait_until(lambda: len(records(run)) > 2)
    (worker,) = (entry for entry in run.entries(WORKER) if entry.name == "gw0")
    os.kill(int(worker.facts["pid"]), signal.SIGKILL)

    assert run.process.wait(LIMIT) == 3
    outcomes = Counter(record.outcome for record in read_run(run.run_file).outcomes)
    assert outcomes.pop("not-run") == 1
    assert set(outcomes) == {"passed"}
    assert run.processes == []
    assert run.worlds == []
    assert run.ledgers == []
