"""Whatever ends a command ends as one line and as no success."""

from __future__ import annotations

import errno
import os

import pytest

import conformance.cli
from conformance.errors import AdapterBroken, UsageError

ENDS = {
    "a wrong request": (UsageError("no such thing"), 2, "error: no such thing"),
    "a broken adapter": (AdapterBroken("it raised"), 3, "error: it raised"),
    "no space": (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "f"), 3, "No space left on"),
    "no UTF-8": (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates"), 2, "text in UTF-8"),
    "an exit of somebody else": (SystemExit(0), 3, "ended the command with exit status 0"),
}


@pytest.mark.parametrize("case", ENDS)
def test_end_of_a_command(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raised, code, told = ENDS[case]

    def command(*, standalone_mode: bool) -> None:
        assert not standalone_mode
        raise raised

    monkeypatch.setattr(conformance.cli, "cloud_conformance", command)
    with pytest.raises(SystemExit) as ended:
        conformance.cli.main()
    assert ended.value.code == code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert told in lines[0]
