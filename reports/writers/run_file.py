"""Writes a run file line by line, each on disk before the next thing happens."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import msgspec

from reports.footer_digest import footer_digest
from reports.model import Line, Outcome, RunFooter, RunHeader


class RecordRefused(Exception):
    """A record that would make the run file dishonest; nothing of it was written."""


class SecondRecord(RecordRefused):
    """This requirement has its record already."""


class UnplannedRecord(RecordRefused):
    """This requirement does not stand in the header's plan."""


class RunFileWriter:
    """Header, outcomes, footer, in this order; fsync after each line.

    The first line replaces a file that is there. Counts and digest of the footer are made here.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self._counts: Counter[str] = Counter()
        self._planned: frozenset[str] = frozenset()
        self._written: set[str] = set()

    def header(self, header: RunHeader) -> None:
        """Begin the file; what the plan in it names may be recorded afterwards, once each."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)
        self._planned = frozenset(row.requirement for row in header.plan.rows)
        self._append(header)

    def outcome(self, outcome: Outcome) -> None:
        """Record one outcome; raises `SecondRecord` or `UnplannedRecord`."""
        id_ = outcome.requirement
        if id_ not in self._planned:
            raise UnplannedRecord(f"{id_}: wanted a requirement of the plan, it is not in it")
        if id_ in self._written:
            raise SecondRecord(f"{id_}: wanted one record a requirement, saw a second")
        self._append(outcome)
        self._written.add(id_)
        self._counts[outcome.outcome] += 1

    def footer(self, finished: str, duration: float, interrupted: bool = False) -> None:
        """Seal the file; `duration` in seconds."""
        open_ = RunFooter(
            finished=finished,
            duration=duration,
            interrupted=interrupted,
            counts=dict(self._counts),
            digest="",
        )
        digest = footer_digest(self._digest, open_)
        self._append(msgspec.structs.replace(open_, digest=digest))

    def _append(self, line: Line) -> None:
        encoded = msgspec.json.encode(line) + b"\n"
        with self._path.open("ab") as stream:
            stream.write(encoded)
            stream.flush()
            os.fsync(stream.fileno())
        self._digest.update(encoded)
