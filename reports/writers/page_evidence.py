"""What the page of a run carries of its evidence: enough to see what happened, and no more.

An object is whole as it was last seen; for the steps before, the page says which fields changed.
The files beside the run file have it all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from reports.judged import judged, worst_first
from reports.model import EvidenceFile, Run

MOST_BYTES = 4_000_000
"""Of evidence in one page; what goes beyond is named and left beside it."""

LOG_CHARACTERS = 16_000
"""Of the end of a log."""

UNTOLD = frozenset({"metadata.resourceVersion", "metadata.generation"})
"""They change with every write."""

JsonObject = dict[str, Any]


class Entry(msgspec.Struct, omit_defaults=True):
    """Something seen at `at` seconds since the run began, in one lane of the timeline."""

    at: float
    lane: str
    kind: str
    title: str
    detail: JsonObject = {}
    revision: int | None = None
    error: str = ""


class Shown(msgspec.Struct, omit_defaults=True):
    """An object as it was last seen."""

    kind: str
    name: str
    object: JsonObject
    namespace: str = ""


class Evidence(msgspec.Struct, omit_defaults=True):
    """The evidence of one check."""

    entries: list[Entry] = []
    objects: list[Shown] = []
    events: list[JsonObject] = []
    notes: list[str] = []
    logs: dict[str, str] = {}


def page_evidence(run: Run, folder: Path, room: int = MOST_BYTES) -> JsonObject:
    """Evidence by requirement, the worst outcomes first, in at most `room` bytes.

    `folder` is where the run file's relative paths start. What is missing, edited or too much is
    replaced by a note that says so.
    """
    found: JsonObject = {}
    for one in worst_first(judged(run)):
        if not one.outcome.evidence:
            continue
        evidence = _read(one.outcome.evidence, folder)
        size = len(msgspec.json.encode(evidence))
        if size > room:
            evidence = Evidence(notes=["The page is full; the files hold the evidence."])
        else:
            room -= size
        found[one.row.requirement] = msgspec.to_builtins(evidence)
    return found


def _read(files: list[EvidenceFile], folder: Path) -> Evidence:
    evidence = Evidence()
    notes = []
    for file in files:
        source = folder / file.path
        raw = source.read_bytes() if source.is_file() else b""
        if hashlib.sha256(raw).hexdigest() != file.sha256:
            fault = "was changed after the run" if raw else "is not there"
            notes.append(f"{file.path} {fault}, so it is not shown.")
        elif file.media_type == "application/json":
            evidence = _decoded(raw, file.path)
        else:
            evidence.logs[source.name] = raw.decode(errors="replace")[-LOG_CHARACTERS:]
    evidence.notes += notes
    return evidence


def _decoded(raw: bytes, path: str) -> Evidence:
    try:
        evidence = msgspec.json.decode(raw, type=Evidence)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Evidence(notes=[f"{path} is not evidence that this page can show."])
    evidence.entries.sort(key=lambda entry: entry.at)
    before: dict[str, JsonObject] = {}
    for entry in evidence.entries:
        if entry.lane == "kubernetes":
            now, then = entry.detail, before.get(entry.title, {})
            before[entry.title] = now
            entry.detail = (
                {"changed": sorted(_changed(then, now))} if entry.kind == "MODIFIED" else {}
            )
    return evidence


def _changed(then: JsonObject, now: JsonObject) -> Iterator[str]:
    """Names of fields that differ, two levels deep."""
    for outer in then.keys() | now.keys():
        old, new = then.get(outer), now.get(outer)
        if isinstance(old, dict) and isinstance(new, dict):
            inner = (name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
            yield from {f"{outer}.{name}" for name in inner} - UNTOLD
        elif old != new:
            yield outer
