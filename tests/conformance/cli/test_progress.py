"""One fact a line, whatever a message holds."""

from __future__ import annotations

import pytest

from conformance.cli.progress import Progress
from reports.model import Outcome


def test_a_message_of_several_lines_is_told_on_one(capsys: pytest.CaptureFixture[str]) -> None:
    message = "wanted one line,\n  saw\r\nthree"
    record = Outcome(requirement="a.b", revision=1, outcome="error", duration=0.0, message=message)
    Progress(0, as_json=False)(record)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("a.b 0.00s  wanted one line, saw three")
