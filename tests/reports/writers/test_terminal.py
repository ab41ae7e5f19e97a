from __future__ import annotations

import io

import pytest
from rich.console import Console

from reports.model import Run
from reports.writers.terminal import print_run
from tests.reports.sample import ROWS, WORDS, planned, recorded, run_of

EVERY_KIND = run_of(*WORDS, rows=ROWS)


def shown(run: Run, width: int = 100, *, terminal: bool = False) -> str:
    out = io.StringIO()
    print_run(run, Console(file=out, width=width, force_terminal=terminal, highlight=False))
    return out.getvalue()


def test_counts_by_area_then_what_went_wrong_then_claims() -> None:
    lines = shown(EVERY_KIND, width=200).splitlines()
    assert lines[:3] == [
        "node-initialization  2 failed, 1 silently-ignored, 1 not-run, 1 blocked, 1 skipped, "
        "1 unsupported, 3 passed",
        "node-lifecycle       3 failed, 1 error",
        "all                  5 failed, 1 silently-ignored, 1 error, 1 not-run, 1 blocked, "
        "1 skipped, 1 unsupported, 3 passed",
    ]
    assert "failed node.fails" in lines
    assert "core, disturbed: nonconformant (simulated)" in lines
    assert "node.passes" not in "\n".join(lines)


def test_no_colour_where_nobody_sees_it() -> None:
    assert "\x1b" not in shown(EVERY_KIND)
    assert "\x1b" in shown(EVERY_KIND, terminal=True)


def test_a_message_cannot_drive_the_terminal() -> None:
    hostile = recorded("a.bad", "error", message="\x1b]0;title\x07 [bold]x[/bold] [/nothing]")
    text = shown(run_of(hostile))
    assert "?]0;title? [bold]x[/bold] [/nothing]" in text


def test_a_message_of_several_lines_is_told_on_one() -> None:
    text = shown(run_of(recorded("a.bad", "error", message="wanted this,\n\tsaw\nthat")))
    assert "\n  wanted this, saw that\n" in text


def test_the_id_is_told_once() -> None:
    outcome = recorded("a.bad", "failed", message="a.bad untainted: a.bad still has its taint")
    text = shown(run_of(outcome, rows=[planned("a.bad")]))
    assert "failed a.bad\n  untainted: this requirement still has its taint\n" in text


def test_one_reason_is_told_once_whatever_its_numbers() -> None:
    outcomes = [
        recorded(
            f"a.n{n}",
            "error",
            message=f"a.n{n}: refused after {n}.5 s by vm-{n}ab",
            reproduce=f"x {n}",
        )
        for n in range(60)
    ]
    text = shown(run_of(*outcomes, recorded("a.other", "error", message="quite another")))
    assert "60 error a.n0, a.n1, a.n2, a.n3 and 56 more\n  refused after 0.5 s by vm-0ab\n" in text
    assert text.count("again:") == 1
    assert "error a.other\n  quite another\n" in text
    assert len(text.splitlines()) < 16


def test_what_one_premise_blocks_is_told_together() -> None:
    base = recorded("a.base", "failed")
    blocked = [recorded(f"a.b{n}", "blocked", blocked_by="a.base", message=f"m{n}") for n in "xyz"]
    assert "3 blocked a.bx, a.by, a.bz\n" in shown(run_of(base, *blocked))


def test_many_reasons_are_cut_and_counted() -> None:
    outcomes = [recorded(f"a.{c}", "error", message=c * 3) for c in "abcdefghijklmnopqrstuvwxyz"]
    text = shown(run_of(*outcomes))
    assert "and 11 more for other reasons" in text


def test_profiles_with_one_claim_share_a_line() -> None:
    rows = [planned("a.x"), planned("a.y", profiles=["disturbed"])]
    text = shown(run_of(recorded("a.x"), recorded("a.y"), rows=rows))
    assert text.endswith("core, disturbed: conformant (simulated)\n")


@pytest.mark.parametrize("width", [20, 40])
def test_a_narrow_terminal_loses_no_words(width: int) -> None:
    words = " ".join(shown(EVERY_KIND, width).split())
    for outcome in WORDS:
        if outcome.outcome not in ("passed", "unsupported"):
            assert outcome.outcome in words
            assert outcome.requirement in words


def test_a_long_message_is_cut() -> None:
    text = shown(run_of(recorded("a.bad", "failed", message="m" * 5000)))
    assert "mm..." in text
    assert len(text) < 700
