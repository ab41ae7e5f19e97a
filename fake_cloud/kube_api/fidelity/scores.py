"""Scores of the embedded API, kept beside the recordings so that reading them costs nothing.

A test holds them equal to what `replay` finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from fake_cloud.kube_api.fidelity.recordings import FOLDER


class Score(msgspec.Struct, frozen=True):
    """How many steps of a topic are answered as the real API server answers them."""

    topic: str
    matched: int
    total: int


def read_scores(minor: str, folder: Path = FOLDER) -> tuple[Score, ...]:
    """By topic; empty for a minor that was not recorded."""
    path = _path(minor, folder)
    if not path.is_file():
        return ()
    return msgspec.json.decode(path.read_bytes(), type=tuple[Score, ...])


def write_scores(scores: Sequence[Score], minor: str, folder: Path = FOLDER) -> Path:
    path = _path(minor, folder)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(scores), indent=2) + b"\n")
    return path


def _path(minor: str, folder: Path) -> Path:
    return folder / minor / "scores.json"
