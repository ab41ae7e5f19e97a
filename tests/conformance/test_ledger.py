"""What is added and not struck is read back, whatever happened to the writer."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conformance.errors import LedgerUnreadable
from conformance.ledger import (
    Fact,
    LedgerEntry,
    RunLedger,
    end_process,
    ledger_files,
    ledger_path,
    living_process,
    open_entries,
    process_facts,
)


@pytest.fixture
def ledger(tmp_path: Path) -> RunLedger:
    return RunLedger(tmp_path / "ledger" / "gw0.jsonl")


def test_what_is_not_struck_is_read_back_with_later_facts(ledger: RunLedger) -> None:
    gone = ledger.add("object", "node-a", resource="nodes")
    kept = ledger.add("cloud", "instance", provider="fake")
    ledger.update(kept, id="i-1")
    ledger.strike(gone)

    assert ledger.entries() == [
        LedgerEntry(kept, "cloud", "instance", {"provider": "fake", "id": "i-1"})
    ]


def test_every_operation_is_on_disk_when_the_call_returns(
    ledger: RunLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: sizes.append(os.fstat(file).st_size))

    number = ledger.add("folder", "/x")
    ledger.strike(number)

    assert len(sizes) == 2
    assert sizes[0] < sizes[1] == ledger.path.stat().st_size


def test_no_file_is_made_before_the_first_entry(ledger: RunLedger) -> None:
    assert not ledger.path.exists()
    assert ledger.entries() == []


def test_a_line_cut_off_in_mid_write_is_dropped_and_the_file_continues(ledger: RunLedger) -> None:
    first = ledger.add("folder", "/a")
    with ledger.path.open("ab") as file:
        file.write(b'{"op":"add","number":2,"ki')

    assert [entry.name for entry in open_entries(ledger.path)] == ["/a"]
    again = RunLedger(ledger.path)
    second = again.add("folder", "/b")

    assert second > first
    assert [entry.name for entry in again.entries()] == ["/a", "/b"]


@pytest.mark.parametrize("line", ["not json", '{"op":"burn","number":1}', '{"op":"add"}'])
def test_anything_else_is_refused_by_name(tmp_path: Path, line: str) -> None:
    path = tmp_path / "gw0.jsonl"
    path.write_text(line + "\n")

    with pytest.raises(LedgerUnreadable, match=r"gw0\.jsonl, line 1"):
        open_entries(path)


def test_threads_share_one_ledger(ledger: RunLedger) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda name: ledger.add("object", str(name)), range(64)))

    assert len(set(numbers)) == 64
    assert {entry.number for entry in ledger.entries()} == set(numbers)


def test_workers_own_one_file_each(tmp_path: Path) -> None:
    for run_id, worker in (("b", "gw1"), ("b", "gw0"), ("a", "main")):
        RunLedger(ledger_path(tmp_path, run_id, worker)).add("folder", worker)

    found = {run: [path.stem for path in paths] for run, paths in ledger_files(tmp_path).items()}
    assert found == {"a": ["a-main"], "b": ["b-gw0", "b-gw1"]}


def test_a_closed_ledger_goes_on_with_the_next_operation(ledger: RunLedger) -> None:
    first = ledger.add("folder", "/a")
    ledger.close()
    ledger.strike(first)

    assert ledger.entries() == []


def test_a_process_is_known_by_pid_and_start_time() -> None:
    found = living_process(process_facts(os.getpid()))

    assert found is not None
    assert found.pid == os.getpid()


@pytest.mark.parametrize("facts", [{}, {"pid": os.getpid(), "created": 1.0}])
def test_a_recycled_pid_is_never_ended(facts: dict[str, Fact]) -> None:
    assert living_process(facts) is None
    assert not end_process(facts)


def test_a_process_group_that_lost_its_owner_is_ended() -> None:
    command = [sys.executable, "-I", "-S", "-c", "import signal; signal.pause()"]
    with subprocess.Popen(command, start_new_session=True) as process:  # noqa: S603
        facts = {**process_facts(process.pid), "group": 1}
        assert end_process(facts)
        assert living_process(facts) is None
