"""What a run makes, written down before it is made: the only thing that `clean` works from.

A ledger is a folder of JSON Lines files, one for each worker, so that no two processes write to one
file. Every line is an operation; what was added and never struck may still exist.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil

from conformance.errors import LedgerUnreadable

Fact = str | int | float

RUNNER = "runner"
"""The process that a run lives and ends with; like every process it has `pid` and `created`."""

WORKER = "worker"
"""A process that executes checks: the runner enters it before it is given any."""

PROCESS = "process"
"""A program that a worker started; `log` is in the command line of the watcher beside it."""

OBJECT = "object"
CLOUD = "cloud"
FOLDER = "folder"

KILL_TIME = 30.0
"""Seconds until a killed process must be gone, on a machine that is very busy."""

CLOCK_STEP = 1.0
"""Seconds by which a start time may move between two readings: it hangs on the wall clock."""


class Add(msgspec.Struct, frozen=True, tag_field="op", tag="add"):
    """A thing is about to be made."""

    number: int
    kind: str
    name: str
    facts: dict[str, Fact] = {}


class Update(msgspec.Struct, frozen=True, tag_field="op", tag="update"):
    """Facts that were known only once it was made."""

    number: int
    facts: dict[str, Fact]


class Strike(msgspec.Struct, frozen=True, tag_field="op", tag="strike"):
    """The thing is gone."""

    number: int


Line = Add | Update | Strike


class LedgerEntry(msgspec.Struct, frozen=True):
    """A thing that was not struck out; `number` is unique within its file."""

    number: int
    kind: str
    name: str
    facts: Mapping[str, Fact]


class RunLedger:
    """Implements `Ledger` on one file; safe to use from several threads of one process.

    An existing file is continued, a last line that was cut off in mid-write is dropped. Raises
    `LedgerUnreadable` when the file holds anything else than a ledger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._next = 1 + max((line.number for line in _lines(path)), default=0)
        self._file: int | None = None

    def add(self, kind: str, name: str, **facts: Fact) -> int:
        with self._lock:
            number = self._next
            self._next += 1
            self._append(Add(number, kind, name, facts))
        return number

    def update(self, number: int, **facts: Fact) -> None:
        with self._lock:
            self._append(Update(number, facts))

    def strike(self, number: int) -> None:
        with self._lock:
            self._append(Strike(number))

    def entries(self) -> list[LedgerEntry]:
        """What is not struck out, in the order in which it was added."""
        return open_entries(self.path)

    def close(self) -> None:
        """Close the file; the next operation opens it again."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _append(self, line: Line) -> None:
        if self._file is None:
            self._file = _open(self.path)
        os.write(self._file, msgspec.json.encode(line) + b"\n")
        os.fsync(self._file)


def open_entries(path: Path) -> list[LedgerEntry]:
    """What the ledger file at `path` does not strike out. Raises `LedgerUnreadable`."""
    found: dict[int, LedgerEntry] = {}
    for line in _lines(path):
        match line:
            case Add(number, kind, name, facts):
                found[number] = LedgerEntry(number, kind, name, facts)
            case Strike(number):
                found.pop(number, None)
            case Update(number, facts) if number in found:
                known = found[number]
                found[number] = msgspec.structs.replace(known, facts={**known.facts, **facts})
    return list(found.values())


def ledger_path(folder: Path, run_id: str, writer: str) -> Path:
    """Where a worker, or the runner, of this run writes; `folder` is that of the results."""
    return folder / "ledger" / f"{run_id}-{writer}.jsonl"


def ledger_files(folder: Path) -> dict[str, list[Path]]:
    """The ledger files in a folder of results by the id of their run, sorted."""
    found: dict[str, list[Path]] = {}
    for path in sorted((folder / "ledger").glob("*.jsonl")):
        found.setdefault(path.stem.partition("-")[0], []).append(path)
    return found


def process_facts(pid: int) -> dict[str, Fact]:
    """What identifies a process beyond its recyclable pid; empty when it is already gone."""
    try:
        return {"pid": pid, "created": psutil.Process(pid).create_time()}
    except psutil.NoSuchProcess:
        return {}


def living_process(facts: Mapping[str, Fact]) -> psutil.Process | None:
    """The very process of these facts; None when it is gone, also if its pid is another's now."""
    if "pid" not in facts:
        return None
    try:
        process = psutil.Process(int(facts["pid"]))
        ours = abs(process.create_time() - float(facts["created"])) <= CLOCK_STEP
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def end_process(facts: Mapping[str, Fact]) -> bool:
    """Kill the process (its whole group with the fact `group`) and wait until it is gone.

    False when it was gone already.
    """
    process = living_process(facts)
    if process is None:
        return False
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        os.killpg(process.pid, signal.SIGKILL) if facts.get("group") else process.kill()
    process.wait(KILL_TIME)
    return True


def _lines(path: Path) -> Iterator[Line]:
    try:
        owner, text = path.stat().st_uid, path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise LedgerUnreadable(
            f"ledger {path}: cannot be read: {error.strerror}; make it readable and clean again"
        ) from error
    if owner != os.geteuid():
        raise LedgerUnreadable(
            f"ledger {path}: wanted one that you wrote, saw one of user {owner}; what it says is "
            "killed and deleted, so let that user clean"
        )
    whole, _, _cut_off = text.rpartition(b"\n")
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            yield msgspec.json.decode(line, type=Line)
        except msgspec.MsgspecError as error:
            raise LedgerUnreadable(
                f"ledger {path}, line {number}: expected an operation of a run, {error}; "
                "remove by hand what the run made, then this file"
            ) from error


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    os.ftruncate(file, path.read_bytes().rfind(b"\n") + 1)
    return file
