"""Writes a run file line by line, each on disk before the next thing happens."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import msgspec

from reports.model import Line, Outcome, RunFooter, RunHeader


class RunFileWriter:
    """Header, outcomes, footer, in this order; fsync after each line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self._counts: Counter[str] = Counter()

    def header(self, header: RunHeader) -> None:
        self._append(header)

    def outcome(self, outcome: Outcome) -> None:
        self._counts[outcome.outcome] += 1
        self._append(outcome)

    def footer(self, finished: str, duration: float, interrupted: bool = False) -> None:
        digest = self._digest.hexdigest()
        self._append(
            RunFooter(
                finished=finished,
                duration=duration,
                interrupted=interrupted,
                counts=dict(self._counts),
                digest=digest,
            )
        )

    def _append(self, line: Line) -> None:
        encoded = msgspec.json.encode(line) + b"\n"
        self._digest.update(encoded)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as stream:
            stream.write(encoded)
            stream.flush()
            os.fsync(stream.fileno())
