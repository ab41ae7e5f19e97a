from __future__ import annotations

import pytest

from reports.judged import counts, judged, worst_first
from tests.reports.sample import ROWS, WORDS, planned, recorded, run_of

RUN = run_of(*WORDS, rows=ROWS)


def test_the_worst_stands_first() -> None:
    assert [one.row.requirement for one in worst_first(judged(RUN))] == [
        "node.fails",
        "node.expired",
        "node.leaks",
        "node.ignores",
        "node.stale",
        "node.flaky",
        "node.errs",
        "node.unseen",
        "node.blocked",
        "node.known",
        "node.wished",
        "node.skipped",
        "node.refuses",
        "node.passes",
    ]


def test_a_recommended_error_stands_behind_everything_that_counts() -> None:
    rows = [planned("a.wished", level="recommended"), planned("a.known")]
    run = run_of(
        recorded("a.known", "failed", known="https://issues.example/7"),
        recorded("a.wished", "error"),
        recorded("a.blocked", "blocked"),
        recorded("a.errs", "error"),
        recorded("a.fails", "failed"),
        rows=rows,
    )
    order = [one.row.requirement for one in worst_first(judged(run))]
    assert order == ["a.fails", "a.errs", "a.blocked", "a.known", "a.wished"]


def test_only_what_is_as_promised_needs_no_reading() -> None:
    fine = [one.row.requirement for one in judged(RUN) if one.fine]
    assert fine == ["node.passes", "node.refuses"]


def test_remarks_tell_what_the_outcome_word_does_not() -> None:
    remarks = {one.row.requirement: one.remarks for one in judged(RUN) if one.remarks}
    assert remarks == {
        "node.known": ("known: https://issues.example/7",),
        "node.expired": ("listed as known: expired 2026-01-01: https://issues.example/7",),
        "node.stale": ("stale: listed as known failing (https://issues.example/7), but passes",),
        "node.flaky": ("flaky: 3 attempts",),
        "node.leaks": ("left behind: Node worker-7, disk d-1",),
    }


def test_counts_are_in_the_order_of_reading() -> None:
    assert list(counts(judged(RUN)).items())[:3] == [
        ("failed", 5),
        ("silently-ignored", 1),
        ("error", 1),
    ]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("a.bad: no taint", "no taint"),
        ("a.bad untainted: no taint", "untainted: no taint"),
        ("a.bad", ""),
        ("a.badly named", "a.badly named"),
        ("no taint on a.bad", "no taint on a.bad"),
    ],
)
def test_the_id_is_not_told_twice(message: str, told: str) -> None:
    (one,) = judged(run_of(recorded("a.bad", "failed", message=message)))
    assert one.told == told
