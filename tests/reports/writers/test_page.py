from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from reports.model import Run
from reports.writers.page import MOST_PROMISE, write_page
from tests.reports.sample import (
    HOSTILE,
    LEFT_OUT,
    ROWS,
    SOURCE,
    every_kind_read,
    planned,
    recorded,
    run_of,
)


def written(run: Run, folder: Path) -> str:
    write_page(run, folder, folder / "index.html")
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def page(tmp_path: Path) -> str:
    return written(every_kind_read(tmp_path), tmp_path)


def test_every_requirement_has_its_row_and_every_exclusion_its_reason(page: str) -> None:
    for row in ROWS:
        assert page.count(f'<details class="row" id="{row.requirement}"') == 1
    for left in LEFT_OUT:
        assert f"<code>{left.requirement}</code> {left.detail}" in page


def test_hostile_text_closes_nothing(page: str) -> None:
    assert HOSTILE not in page
    assert len(re.findall(r"<script[\s>]", page)) == len(re.findall(r"</script>", page)) == 2
    assert "&lt;/script&gt;&lt;script&gt;window.broken" in page


def test_hostile_evidence_is_still_what_was_seen(page: str) -> None:
    raw = page.split('id="evidence">')[1].split("</script>")[0]
    assert "<" not in raw
    assert json.loads(raw)["node.fails"]["events"][0]["message"] == HOSTILE


def test_nothing_is_asked_from_anybody(page: str) -> None:
    without_evidence = re.sub(r'(?s)<script type="application/json".*?</script>', "", page)
    for address in re.finditer(r"https?://", without_evidence):
        before = without_evidence[: address.start()]
        in_text = before.rfind(">") > before.rfind("<")
        only_a_link = before.endswith('<a rel="noreferrer" href="')
        assert in_text or only_a_link or before.endswith('createElementNS("')


def test_an_opened_row_says_what_is_promised_and_by_whom(page: str) -> None:
    row = page.split('id="node.fails"')[1].split("</details>")[0]
    assert '<details class="promise" open>' in row
    for told in ("What node.fails promises.", "Nobody knows the node", "within the budget"):
        assert told in row
    assert "<li>k8s.io/cloud-provider cloud.go: Instances</li>" in row
    assert f'<a rel="noreferrer" href="{SOURCE}">{SOURCE}</a>' in row
    assert "<li>javascript:alert(1)</li>" in row


def test_a_long_promise_is_folded(tmp_path: Path) -> None:
    row = planned("a.one", story="so " * MOST_PROMISE)
    assert '<details class="promise">' in written(run_of(recorded("a.one"), rows=[row]), tmp_path)


def test_what_never_counts_is_read_first_only_where_nothing_else_is_wrong(tmp_path: Path) -> None:
    wished = recorded("a.wished", "error")
    rows = [planned("a.wished", level="recommended")]
    beside = written(run_of(recorded("a.one", "failed"), wished, rows=rows), tmp_path)
    assert 'href="#a.one"' in beside
    assert 'href="#a.wished"' not in beside
    assert 'href="#a.wished"' in written(run_of(wished, rows=rows), tmp_path)


def test_headings_lead_down_step_by_step(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_was_planted_and_what_was_simulated_is_said(tmp_path: Path) -> None:
    run = run_of(recorded("a.one"), planted="defect eats-taints", simulator="moto 5.2")
    page = written(run, tmp_path)
    assert "Planted on purpose: defect eats-taints" in page
    assert "simulated: moto 5.2" in page


def test_a_simulator_without_a_name_is_still_one(tmp_path: Path) -> None:
    nameless = written(run_of(recorded("a.one")), tmp_path)
    assert "<dd>simulated: a simulator without a name</dd>" in nameless
    assert 'class="simulated">simulated: a simulator without a name' in nameless
    assert "simulated:" not in written(run_of(recorded("a.one"), live=True), tmp_path)


def test_sixty_five_requirements_stay_small(tmp_path: Path) -> None:
    """Without evidence: what the page itself costs."""
    run = run_of(*(recorded(f"a.n{n}", "failed", message="m" * 500) for n in range(65)))
    assert len(written(run, tmp_path)) < 200_000
