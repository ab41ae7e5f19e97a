"""One runner at a time writes into a folder of results."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conformance.errors import ConformanceError, UsageError
from conformance.occupation import occupy


def test_a_second_one_is_told_who_is_there_until_it_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "for it"
    with (
        occupy(folder, "one"),
        pytest.raises(UsageError, match=rf"run one \(pid {os.getpid()}\) is writing into"),
    ):
        occupy(folder, "two")
    with (
        occupy(folder, "three"),
        pytest.raises(UsageError, match="run three "),
    ):
        occupy(folder, "four")


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConformanceError, match="wanted a folder that results can be written into"):
        occupy(tmp_path / "file", "one")
