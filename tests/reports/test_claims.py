from __future__ import annotations

import msgspec
import pytest

from reports.claims import claim, claims, exit_code
from reports.model import Outcome, PlanFacts, Run
from tests.reports.sample import ISSUE, excluded, planned, recorded, run_of

GOOD = recorded("a.good")
FAILED = recorded("a.bad", "failed")
IGNORED = recorded("a.bad", "silently-ignored")
KNOWN = recorded("a.bad", "failed", known=ISSUE)
EXPIRED = recorded("a.bad", "failed", known=f"expired 2026-01-01: {ISSUE}")
ERROR = recorded("a.bad", "error")
UNSEEN = recorded("a.bad", "not-run")
SKIPPED = recorded("a.bad", "skipped", message="known trouble")
UNSUPPORTED = recorded("a.bad", "unsupported")
BLOCKED = recorded("a.next", "blocked", blocked_by="a.bad")
TWICE_BLOCKED = recorded("a.third", "blocked", blocked_by="a.next")
FLAKY = recorded("a.bad", attempts=2)
STALE = recorded("a.bad", stale="works after all")


@pytest.mark.parametrize(
    ("outcomes", "word", "code"),
    [
        ([], "conformant", 0),
        ([UNSUPPORTED], "conformant", 0),
        ([SKIPPED], "partial", 0),
        ([KNOWN], "partial", 0),
        ([KNOWN, BLOCKED], "partial", 0),
        ([KNOWN, BLOCKED, TWICE_BLOCKED], "partial", 0),
        ([FLAKY], "partial", 1),
        ([STALE], "conformant", 1),
        ([FAILED], "nonconformant", 1),
        ([IGNORED], "nonconformant", 1),
        ([EXPIRED], "nonconformant", 1),
        ([EXPIRED, BLOCKED], "nonconformant", 1),
        ([FAILED, BLOCKED], "nonconformant", 1),
        ([ERROR], "incomplete", 3),
        ([UNSEEN], "incomplete", 3),
        ([SKIPPED, BLOCKED], "incomplete", 3),
        ([BLOCKED], "incomplete", 3),
        ([FAILED, recorded("a.other", "error")], "nonconformant", 1),
    ],
)
def test_outcomes_make_claim_and_exit_code(outcomes: list[Outcome], word: str, code: int) -> None:
    run = run_of(GOOD, *outcomes)
    assert claim(run, "core").word == word
    assert exit_code(run) == code


@pytest.mark.parametrize("outcome", [FAILED, IGNORED, EXPIRED, ERROR, UNSEEN, FLAKY, STALE])
def test_recommended_never_counts(outcome: Outcome) -> None:
    run = run_of(GOOD, outcome, rows=[planned("a.bad", level="recommended")])
    assert claim(run, "core").word == "conformant"
    assert exit_code(run) == 0


@pytest.mark.parametrize("level", ["required", "optional"])
def test_a_filtered_run_claims_nothing(level: str) -> None:
    run = run_of(GOOD, left_out=[excluded("a.out", "not-selected", level=level)])
    assert claim(run, "core").word == "incomplete"
    assert claim(run, "core").reasons == ("not selected: 1 requirement",)
    assert exit_code(run) == 0


@pytest.mark.parametrize(
    "reason",
    [
        "need-missing",
        "fault-missing",
        "setting-not-served",
        "simulator-gap",
        "order-not-observable",
    ],
)
def test_a_required_row_that_could_not_be_judged_makes_it_partial(reason: str) -> None:
    run = run_of(GOOD, left_out=[excluded("a.out", reason, detail="control")])
    assert claim(run, "core").word == "partial"
    assert claim(run, "core").reasons == (f"a.out excluded: {reason} control",)
    assert exit_code(run) == 0


@pytest.mark.parametrize("reason", ["planned", "capability-absent", "version"])
def test_where_nothing_was_promised_nothing_is_missing(reason: str) -> None:
    assert claim(run_of(GOOD, left_out=[excluded("a.out", reason)]), "core").word == "conformant"


@pytest.mark.parametrize("reason", ["not-selected", "need-missing"])
def test_an_exclusion_of_a_recommended_row_takes_nothing(reason: str) -> None:
    run = run_of(GOOD, left_out=[excluded("a.out", reason, level="recommended")])
    assert claim(run, "core").word == "conformant"


def test_an_exclusion_touches_its_own_profiles_only() -> None:
    run = run_of(GOOD, left_out=[excluded("a.out", "need-missing", profiles=["disturbed"])])
    assert claim(run, "core").word == "conformant"
    assert claim(run, "disturbed").word == "partial"


def test_an_interrupted_run_is_incomplete_though_every_record_is_good() -> None:
    run = run_of(GOOD, interrupted=True)
    assert claim(run, "core").word == "incomplete"
    assert exit_code(run) == 3


def test_an_interrupted_run_can_still_refute() -> None:
    assert claim(run_of(FAILED, interrupted=True), "core").word == "nonconformant"


def test_a_cut_file_is_incomplete_whatever_it_holds() -> None:
    run = cut(run_of(GOOD, FAILED))
    assert claim(run, "core").word == "incomplete"
    assert claim(run, "core").reasons[0] == "the run file was cut"
    assert exit_code(cut(run_of(GOOD))) == 3


def test_one_shard_is_not_the_whole_plan() -> None:
    run = run_of(
        GOOD, plan=PlanFacts(digest="", rows=[planned("a.good")], exclusions=[], shard="1/2")
    )
    assert claim(run, "core").word == "incomplete"


def test_recommended_rows_alone_support_no_claim() -> None:
    run = run_of(GOOD, rows=[planned("a.good", level="recommended")])
    assert claim(run, "core").word == "incomplete"


def test_a_simulator_stands_in_the_claim() -> None:
    run = run_of(GOOD, simulator="moto 5.2 + 3 patches")
    assert str(claim(run, "core")) == "conformant (simulated: moto 5.2 + 3 patches)"
    assert str(claim(run_of(GOOD, live=True), "core")) == "conformant"


def test_the_worst_reason_stands_first() -> None:
    run = run_of(SKIPPED, recorded("a.errs", "error"), recorded("a.fails", "failed"))
    assert claim(run, "core").reasons == (
        "a.fails failed",
        "a.errs error",
        "a.bad skipped: known trouble",
    )


def test_a_profile_that_adds_nothing_says_nothing() -> None:
    rows = [
        planned("a.good", profiles=["core", "disturbed", "process", "traffic"]),
        planned("a.late", profiles=["disturbed"]),
        planned("a.kill", profiles=["process"]),
    ]
    run = run_of(GOOD, recorded("a.late"), recorded("a.kill", "failed"), rows=rows)
    told = [(one.profile, one.word) for one in claims(run)]
    assert told == [
        ("core", "conformant"),
        ("disturbed", "conformant"),
        ("process", "nonconformant"),
    ]


def cut(run: Run) -> Run:
    return msgspec.structs.replace(run, footer=None)


def test_a_simulator_without_a_name_is_told_all_the_same() -> None:
    assert str(claim(run_of(GOOD), "core")) == "conformant (simulated)"
