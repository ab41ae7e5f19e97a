"""The audit log of one server: short notes, of which entries and events are made on demand."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from time import time
from typing import NamedTuple

import msgspec

from conformance.contracts.audit import AuditEntry, AuditGap
from fake_cloud.kube_api.audit.events import event
from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.authorization.attributes import attributes_of
from fake_cloud.kube_api.http import Reply, Request, Streaming

LIMIT = 100_000
"""Entries that are kept, of some 400 bytes each."""


class Note(NamedTuple):
    """What is kept of one answered request: neither its body nor its headers."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    user_agent: str
    user: User
    actor: User | None
    code: int
    name: str

    def entry(self) -> AuditEntry:
        wanted = attributes_of(Request(self.method, self.path, self.query, user=self.user))
        return AuditEntry(
            user=(self.actor or self.user).name,
            verb=wanted.verb,
            code=self.code,
            group=wanted.group,
            resource=wanted.resource,
            subresource=wanted.subresource,
            namespace=wanted.namespace,
            name=wanted.name or self.name,
            path=wanted.path,
            acted_as=self.user.name if self.actor else "",
            user_agent=self.user_agent,
        )


class AuditLog:
    """Implements `AuditReader`; written by every thread that answers."""

    def __init__(self, limit: int = LIMIT):
        self._notes: deque[Note] = deque(maxlen=limit)
        self._taken = 0
        self._lock = threading.Lock()

    def note(self, request: Request, answer: Reply | Streaming) -> None:
        name = _name_in(answer) if request.method == "POST" else ""
        note = Note(
            time(),
            request.method,
            request.path,
            request.query,
            request.headers.get("user-agent", ""),
            request.user,
            request.actor,
            answer.status,
            name,
        )
        with self._lock:
            self._taken += 1
            self._notes.append(note)

    def entries(self) -> list[AuditEntry]:
        """Raises `AuditGap`."""
        return [note.entry() for note in self._all()]

    def write(self, path: Path) -> None:
        """As JSON lines of audit.k8s.io/v1 Event, level Metadata. Raises `AuditGap`."""
        lines = (event(n.entry(), n.at, n.user, n.actor, n.path, n.query) for n in self._all())
        path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))

    def _all(self) -> list[Note]:
        with self._lock:
            notes, taken = list(self._notes), self._taken
        if len(notes) < taken:
            raise AuditGap(f"the oldest {taken - len(notes)} entries of the audit log are not kept")
        return notes


class _Named(msgspec.Struct):
    name: str = ""
    generate_name: str = msgspec.field(default="", name="generateName")


class _Answered(msgspec.Struct):
    """Where an answer says what it is about: an object in its metadata, a Status in its details."""

    metadata: _Named = msgspec.field(default_factory=_Named)
    details: _Named = msgspec.field(default_factory=_Named)


_answered = msgspec.json.Decoder(_Answered).decode


def _name_in(answer: Reply | Streaming) -> str:
    """The name that a creator gave."""
    if isinstance(answer, Streaming):
        return ""
    try:
        found = _answered(answer.body)
    except msgspec.MsgspecError:
        return ""
    return found.details.name or ("" if found.metadata.generate_name else found.metadata.name)
