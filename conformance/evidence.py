"""Evidence: what a check saw, as JSON beside the run file, redacted and with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conformance.contracts.clusters import ApiRequest
from conformance.contracts.journal import CloudCall
from conformance.contracts.kubernetes import EVENTS, JsonObject, WatchType
from conformance.redaction import Redactor
from conformance.timeline import Entry, Gap, Mark, ObjectKey, Observed, moment
from reports.model import EvidenceFile

MOST_ENTRIES = 2000
"""Entries kept per check; the newest are kept and the cut is said."""

LOG_TAIL = 64 * 1024
"""Bytes of a subject's log that are kept with a check that did not pass."""


def entry_as_json(entry: Entry, origin: float) -> dict[str, Any]:
    """One Timeline entry; `at` in seconds since `origin` (the start of the run)."""
    fields = _described(entry)
    return {"at": round(moment(entry) - origin, 6), "revision": None, "error": "", **fields}


def _described(entry: Entry) -> dict[str, Any]:
    match entry:
        case Observed():
            return {
                "lane": "kubernetes",
                "kind": entry.type.value,
                "title": str(entry.key),
                "detail": _telling(entry.object),
                "revision": entry.revision,
            }
        case CloudCall():
            return _call(entry)
        case ApiRequest():
            target = "/".join(filter(None, (entry.resource, entry.name, entry.subresource)))
            return {
                "lane": "api",
                "kind": "request",
                "title": f"{entry.verb} {target}",
                "detail": {"status": entry.status, "disturbed": entry.disturbed},
                "error": _refused(entry),
            }
        case Gap():
            return {
                "lane": "kubernetes",
                "kind": "gap",
                "title": entry.resource,
                "detail": {},
                "error": entry.reason,
            }
        case Mark():
            detail = dict(entry.detail)
            return {"lane": "check", "kind": entry.kind, "title": entry.title, "detail": detail}


def _refused(entry: ApiRequest) -> str:
    refused = entry.status >= 400 or not entry.status
    return f"{entry.status} {entry.reason}".strip() if refused else ""


def _call(entry: CloudCall) -> dict[str, Any]:
    return {
        "lane": "cloud",
        "kind": "call",
        "title": f"{entry.verb} {entry.resource}",
        "detail": {
            "about": sorted(entry.about),
            "caller": entry.caller.value,
            "operation": entry.operation,
            "seconds": round(entry.ended - entry.began, 6),
            "disturbed": entry.disturbed,
            **entry.detail,
        },
        "revision": entry.revision,
        "error": entry.error,
    }


def _telling(item: JsonObject) -> JsonObject:
    """An object without what only fills pages."""
    metadata = {k: v for k, v in item.get("metadata", {}).items() if k != "managedFields"}
    return {**item, "metadata": metadata}


def evidence(requirement: str, entries: Sequence[Entry], origin: float) -> dict[str, Any]:
    """The evidence of one check: its slice of the Timeline and the last state of each object."""
    last: dict[ObjectKey, Observed] = {e.key: e for e in entries if isinstance(e, Observed)}
    cut = len(entries) - MOST_ENTRIES
    return {
        "requirement": requirement,
        "began": round(moment(entries[0]) - origin, 6) if entries else 0.0,
        "ended": round(moment(entries[-1]) - origin, 6) if entries else 0.0,
        "entries": [entry_as_json(entry, origin) for entry in entries[-MOST_ENTRIES:]],
        "objects": [_object(seen) for key, seen in last.items() if key.resource is not EVENTS],
        "events": [_telling(seen.object) for key, seen in last.items() if key.resource is EVENTS],
        "notes": [f"{cut} earlier entries were cut"] if cut > 0 else [],
    }


def _object(seen: Observed) -> dict[str, Any]:
    state = {"deleted": True} if seen.type is WatchType.DELETED else {}
    key = seen.key
    return {
        "kind": key.resource.kind,
        "name": key.name,
        "namespace": key.namespace,
        "object": {**_telling(seen.object), **state},
    }


def write_evidence(
    folder: Path, name: str, content: dict[str, Any], redactor: Redactor
) -> EvidenceFile:
    """Write `evidence/<name>.json` under the results folder; returns its path and digest."""
    text = redactor.clean(json.dumps(content, default=str, indent=1))
    return _write(folder, f"evidence/{name}.json", text, "application/json")


def write_log_tail(folder: Path, name: str, log: Path, redactor: Redactor) -> EvidenceFile:
    """Copy the end of a subject's log, redacted; one that is not there is said to be missing."""
    text = _tail(log) if log.exists() else f"{log.name} does not exist\n"
    return _write(folder, f"evidence/{name}.{log.stem}.log", redactor.clean(text), "text/plain")


def _tail(log: Path) -> str:
    with log.open("rb") as source:
        source.seek(max(0, log.stat().st_size - LOG_TAIL))
        return source.read().decode(errors="replace")


def _write(folder: Path, relative: str, text: str, media_type: str) -> EvidenceFile:
    path = folder / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return EvidenceFile(path=relative, sha256=digest, media_type=media_type)
