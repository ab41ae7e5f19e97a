from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.footer_digest import footer_digest
from reports.model import EvidenceFile, Exclusion, Outcome, PlannedRow, RunFooter, Wait
from reports.reading import (
    CountMismatch,
    DigestMismatch,
    DuplicateOutcome,
    MissingOutcome,
    NoFooter,
    NotARunFile,
    PlanContradicts,
    RunFileRefused,
    UnknownField,
    UnknownVersion,
    UnplannedOutcome,
    read_run,
)
from tests.reports.sample import LEFT_OUT, ROWS, every_kind, headed, planned, recorded, written

Lines = list[dict[str, Any]]


def edited(path: Path, edit: Callable[[Lines], object], *, sealed: bool = True) -> Path:
    """The file after `edit`; `sealed` makes the footer's digest fit again."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    edit(lines)
    texts = [json.dumps(line).encode() + b"\n" for line in lines]
    if sealed and lines and lines[-1].get("kind") == "RunFooter":
        lines[-1]["digest"] = ""
        with suppress(msgspec.ValidationError):
            footer = msgspec.convert(lines[-1], RunFooter)
            lines[-1]["digest"] = footer_digest(hashlib.sha256(b"".join(texts[:-1])), footer)
        texts[-1] = json.dumps(lines[-1]).encode() + b"\n"
    path.write_bytes(b"".join(texts))
    return path


def change(number: int, **fields: Any) -> Callable[[Lines], object]:
    return lambda lines: lines[number].update(fields)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return every_kind(tmp_path)


def test_what_was_written_is_read(whole: Path) -> None:
    run = read_run(whole)
    assert run.header.plan.rows == ROWS
    assert run.header.plan.exclusions == LEFT_OUT
    assert [outcome.requirement for outcome in run.outcomes] == [row.requirement for row in ROWS]
    assert run.footer is not None
    assert sum(run.footer.counts.values()) == len(ROWS)


def twice(lines: Lines) -> None:
    lines.insert(2, lines[1])
    lines[-1]["counts"]["passed"] += 1


def plan_twice(lines: Lines) -> None:
    plan = lines[0]["plan"]
    plan["rows"].append(plan["rows"][0])
    rows = msgspec.convert(plan["rows"], list[PlannedRow])
    out = msgspec.convert(plan["exclusions"], list[Exclusion])
    plan["digest"] = headed(rows, out).plan.digest


@pytest.mark.parametrize(
    ("edit", "refusal", "told"),
    [
        (lambda lines: lines.pop(), NoFooter, "report --partial"),
        (lambda lines: lines.clear(), NotARunFile, "line 1"),
        (lambda lines: lines.pop(0), NotARunFile, "line 1"),
        (lambda lines: lines.insert(0, {"kind": "Other"}), NotARunFile, "line 1"),
        (lambda lines: lines.insert(2, lines[0]), NotARunFile, "line 3"),
        (lambda lines: lines.insert(2, lines[-1]), NotARunFile, "line 3"),
        (twice, DuplicateOutcome, "line 3: a second record of node.passes"),
        (lambda lines: lines.pop(3), MissingOutcome, "node.ignores"),
        (change(1, requirement="node.other"), UnplannedOutcome, "line 2: node.other"),
        (change(1, revision=2), UnplannedOutcome, "node.passes revision 2"),
        (change(1, outcome="failed"), CountMismatch, "footer counts"),
        (change(-1, counts={"passed": 14}), CountMismatch, "footer counts"),
        (change(1, surprise=1), UnknownField, "line 2.*surprise"),
        (change(-1, surprise=1), UnknownField, "surprise"),
        (change(1, outcome="fine"), UnknownField, "line 2.*fine"),
        (change(1, kind="Verdict"), UnknownField, "line 2.*Verdict"),
        (lambda lines: lines[1].pop("duration"), UnknownField, "line 2.*duration"),
        (change(0, apiVersion="conformance.cloud-provider/v2"), UnknownVersion, "v2"),
        (change(0, apiVersion="x/v2", new_in_v2=1), UnknownVersion, "x/v2"),
        (lambda lines: lines[0]["plan"]["rows"].pop(), DigestMismatch, "plan digest"),
        (lambda lines: lines[0]["plan"]["exclusions"].pop(), DigestMismatch, "plan digest"),
        (plan_twice, PlanContradicts, "node.passes"),
    ],
)
def test_each_lie_has_its_name(
    whole: Path, edit: Callable[[Lines], object], refusal: type[RunFileRefused], told: str
) -> None:
    with pytest.raises(refusal, match=told):
        read_run(edited(whole, edit))


@pytest.mark.parametrize("path", ["/etc/passwd", "evidence/../run.jsonl", "javascript:alert(1)"])
def test_evidence_that_leads_out_of_its_folder_is_refused(whole: Path, path: str) -> None:
    edit = change(1, evidence=[{"path": path, "sha256": ""}])
    with pytest.raises(UnknownField, match=r"line 2.*evidence"):
        read_run(edited(whole, edit))


@pytest.mark.parametrize("edit", [change(2, message="nothing much"), change(-1, interrupted=True)])
def test_an_edited_line_is_refused(whole: Path, edit: Callable[[Lines], object]) -> None:
    with pytest.raises(DigestMismatch, match="footer's digest"):
        read_run(edited(whole, edit, sealed=False))


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"PK\x03\x04\n", b'"\xff"\n', b"[" * 9999 + b"\n", b"[]\n"]
)
def test_something_else_is_not_a_run_file(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(raw)
    with pytest.raises(NotARunFile, match="line 1"):
        read_run(path)


def test_a_cut_file_is_read_on_request_only(whole: Path) -> None:
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(NoFooter, match="without an end of line"):
        read_run(whole)
    run = read_run(whole, partial=True)
    assert run.footer is None
    assert len(run.outcomes) == len(ROWS)


def test_partial_keeps_the_records_before_a_cut_one(whole: Path) -> None:
    first_three = b"".join(whole.read_bytes().splitlines(keepends=True)[:3])
    whole.write_bytes(first_three + b'{"kind":"Outcome","requi')
    assert len(read_run(whole, partial=True).outcomes) == 2


def test_partial_still_refuses_lies(whole: Path) -> None:
    def twice_and_cut(lines: Lines) -> None:
        twice(lines)
        lines.pop()

    with pytest.raises(DuplicateOutcome):
        read_run(edited(whole, twice_and_cut), partial=True)


@pytest.mark.parametrize("partial", [False, True])
def test_nothing_may_follow_the_footer(whole: Path, partial: bool) -> None:
    whole.write_bytes(whole.read_bytes() + b"{}")
    with pytest.raises((NoFooter, NotARunFile)):
        read_run(whole, partial=partial)


numbers = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
waits = st.builds(Wait, budget=numbers, observed=numbers)
files = st.builds(EvidenceFile, path=st.from_regex(r"\Aevidence/\w[\w.-]*\Z"))
details = st.fixed_dictionaries(
    {
        "duration": numbers,
        "started": numbers,
        "waits": st.lists(waits, max_size=3),
        "evidence": st.lists(files, max_size=2),
        "leaks": st.lists(st.text(), max_size=2),
        "message": st.text(),
        "known": st.text(),
        "stale": st.text(),
        "reproduce": st.text(),
        "attempts": st.integers(1, 9),
    }
)
words = st.sampled_from(["passed", "failed", "silently-ignored", "error", "not-run", "skipped"])
here = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@here
@given(st.dictionaries(st.text(min_size=1), st.tuples(words, details), min_size=1, max_size=5))
def test_every_record_survives_the_round_trip(
    tmp_path: Path, records: dict[str, tuple[Any, dict[str, Any]]]
) -> None:
    outcomes = [recorded(id_, word, **more) for id_, (word, more) in records.items()]
    header = headed([planned(id_) for id_ in records])
    run = read_run(written(tmp_path / "run.jsonl", header, outcomes))
    assert (run.header, run.outcomes) == (header, outcomes)


@here
@given(data=st.data())
def test_no_byte_can_be_changed_unseen(tmp_path: Path, data: st.DataObject) -> None:
    path = small_run(tmp_path)
    raw = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[at]))
    path.write_bytes(raw)
    with pytest.raises(RunFileRefused):
        read_run(path)


def small_run(folder: Path, ids: Sequence[str] = ("a.one", "a.two")) -> Path:
    records: list[Outcome] = [recorded(id_) for id_ in ids]
    return written(folder / "run.jsonl", headed([planned(id_) for id_ in ids]), records)
