"""`cloud-conformance compare` ends with 1 when two runs judge differently."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance.cli.compare import compare
from reports.model import OutcomeWord
from tests.reports.sample import headed, planned, recorded, written


@pytest.mark.parametrize(
    ("second", "code", "told"),
    [("passed", 0, "0 of 1 verdicts differ"), ("failed", 1, "a.one: passed | failed")],
)
def test_it_ends_with_what_it_found(
    second: OutcomeWord, code: int, told: str, tmp_path: Path
) -> None:
    paths: list[Path] = []
    for word in ("passed", second):
        path = tmp_path / str(len(paths)) / "run.jsonl"
        path.parent.mkdir()
        paths.append(written(path, headed([planned("a.one")]), [recorded("a.one", word)]))
    result = CliRunner().invoke(compare, [str(path) for path in paths], standalone_mode=False)
    assert result.return_value == code
    assert told in result.output


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("{}\n")
    result = CliRunner().invoke(compare, [str(path), str(path)], standalone_mode=False)
    assert result.return_value == 2
    assert f"error: {path}: line 1" in result.output
