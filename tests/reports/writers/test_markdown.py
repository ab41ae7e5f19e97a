from __future__ import annotations

from pathlib import Path

import pytest

from reports.writers.markdown import LIMIT, markdown, write_markdown
from tests.reports.sample import HOSTILE, every_kind_read, recorded, run_of


def table(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ") and "`" in line]


def test_claims_counts_and_every_row_the_worst_first(tmp_path: Path) -> None:
    write_markdown(every_kind_read(tmp_path), tmp_path / "summary.md")
    text = (tmp_path / "summary.md").read_text()
    assert text.startswith("## Cloud provider conformance: acme\n")
    assert "- **core**: nonconformant (simulated: acme-sim 2.0): node.fails failed; " in text
    assert "5 failed, 1 silently-ignored, 1 error, 1 not-run, 1 blocked, 1 skipped" in text
    rows = table(text)
    assert len(rows) == 14
    assert rows[0].startswith("| failed | `node.fails` | ")
    assert rows[-1].startswith("| passed | `node.passes` |")


def test_annotations_are_said(tmp_path: Path) -> None:
    rows = table(markdown(every_kind_read(tmp_path)))
    told = {row.split("`")[1]: row for row in rows}
    assert "known: https://issues.example/7" in told["node.known"]
    assert "flaky: 3 attempts" in told["node.flaky"]
    assert told["node.wished"].startswith("| failed (recommended) |")


@pytest.mark.parametrize(
    "text", [HOSTILE, "a | b\\| c \\", "one\ntwo\r\nthree", "<!-- `", "*_[x](y)"]
)
def test_a_message_stays_in_its_cell(text: str) -> None:
    (row,) = table(markdown(run_of(recorded("a.bad", "failed", message=text))))
    assert unescaped(row).count("|") == 4
    assert unescaped(row).count("`") == 2
    assert not set("<>*[]") & set(unescaped(row))


def unescaped(row: str) -> str:
    """What is left of a row once each backslash has taken the character after it."""
    kept, characters = [], iter(row)
    for character in characters:
        if character == "\\":
            next(characters)
        else:
            kept.append(character)
    return "".join(kept)


def test_it_is_cut_at_a_row_and_says_so() -> None:
    outcomes = [recorded(f"a.number-{n}", "failed", message="ü" * 250) for n in range(2000)]
    text = markdown(run_of(*outcomes))
    assert len(text.encode()) <= LIMIT
    assert table(text)[-1].endswith("|")
    assert text.endswith("The table was cut; the run file has all 2000 rows.\n")
