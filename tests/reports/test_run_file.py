from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from reports.writers.run_file import RunFileWriter, SecondRecord, UnplannedRecord
from tests.reports.sample import FINISHED, headed, planned, recorded, written

HEADER = headed([planned("a.one"), planned("a.two")])


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_is_in_the_file_before_the_next_one_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "new" / "run.jsonl"
    writer = RunFileWriter(path)
    writer.header(HEADER)
    assert [line["kind"] for line in lines(path)] == ["RunHeader"]
    writer.outcome(recorded("a.two"))
    assert [line["kind"] for line in lines(path)] == ["RunHeader", "Outcome"]


def test_the_footer_counts_and_seals_what_stands_before_it(tmp_path: Path) -> None:
    records = [recorded("a.one", "failed"), recorded("a.two")]
    path = written(tmp_path / "run.jsonl", HEADER, records, interrupted=True)
    footer = lines(path)[-1]
    body = b"".join(path.read_bytes().splitlines(keepends=True)[:-1])
    without_digest = {
        "counts": {"failed": 1, "passed": 1},
        "digest": "",
        "duration": 9.0,
        "finished": FINISHED,
        "interrupted": True,
        "kind": "RunFooter",
    }
    itself = json.dumps(without_digest, separators=(",", ":")).encode()
    assert footer == without_digest | {"digest": hashlib.sha256(body + itself).hexdigest()}


def test_a_second_record_is_refused_and_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    writer = RunFileWriter(path)
    writer.header(HEADER)
    writer.outcome(recorded("a.one", "failed"))
    before = path.read_bytes()
    with pytest.raises(SecondRecord, match=r"a\.one"):
        writer.outcome(recorded("a.one"))
    assert path.read_bytes() == before
    writer.outcome(recorded("a.two"))
    writer.footer(FINISHED, 1.0)
    assert lines(path)[-1]["counts"] == {"failed": 1, "passed": 1}


def test_an_unplanned_record_is_refused(tmp_path: Path) -> None:
    writer = RunFileWriter(tmp_path / "run.jsonl")
    writer.header(HEADER)
    with pytest.raises(UnplannedRecord, match=r"a\.three"):
        writer.outcome(recorded("a.three"))


def test_a_new_run_replaces_the_file_of_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    records = [recorded("a.one"), recorded("a.two")]
    once = written(path, HEADER, records).read_bytes()
    assert written(path, HEADER, records).read_bytes() == once
