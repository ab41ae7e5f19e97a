from __future__ import annotations

from reports.comparison import other_verdicts
from tests.reports.sample import LEFT_OUT, ROWS, WORDS, excluded, headed, recorded, run_of

RUN = run_of(*WORDS, rows=ROWS, left_out=LEFT_OUT)


def test_a_run_agrees_with_itself() -> None:
    assert other_verdicts(RUN, RUN) == []


def test_what_was_measured_is_no_verdict() -> None:
    first = run_of(recorded("a", "failed", expectation="x", duration=1.0, message="saw b"))
    second = run_of(recorded("a", "failed", expectation="x", duration=2.0, message="saw c"))
    assert other_verdicts(first, second) == []


def test_every_other_verdict_is_told() -> None:
    first = run_of(
        recorded("a.turns"),
        recorded("a.reason", "failed", expectation="x"),
        recorded("a.blocked", "blocked", blocked_by="a.reason"),
        recorded("a.planned"),
        recorded("a.same"),
        left_out=[excluded("a.out", "need-missing")],
    )
    second = run_of(
        recorded("a.turns", "failed", expectation="x"),
        recorded("a.reason", "failed", expectation="y"),
        recorded("a.blocked", "blocked", blocked_by="a.turns"),
        recorded("a.same"),
        recorded("a.new"),
        left_out=[excluded("a.out", "version")],
    )
    assert [str(one) for one in other_verdicts(first, second)] == [
        "a.turns: passed | failed x",
        "a.reason: failed x | failed y",
        "a.blocked: blocked a.reason | blocked a.turns",
        "a.planned: passed | not in the plan",
        "a.out: excluded need-missing | excluded version",
        "a.new: not in the plan | passed",
    ]


def test_a_row_without_a_record_has_no_verdict() -> None:
    cut = run_of()
    cut = type(cut)(header=headed([ROWS[0]]), outcomes=[], footer=None)
    whole = run_of(recorded(ROWS[0].requirement))
    assert [str(one) for one in other_verdicts(whole, cut)] == ["node.passes: passed | no record"]
