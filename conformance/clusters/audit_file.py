"""The audit log that kube-apiserver writes as JSON lines; implements `AuditReader`.

Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/.
"""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import yaml

from conformance.contracts.audit import AuditEntry
from conformance.contracts.kubernetes import NAMESPACES, NotFound
from conformance.errors import ProgramFailed
from conformance.kube_http import HttpKubeClient

PATIENCE, LOOK = 10.0, 0.005
"""Seconds until an answered request must stand in the log, and between two looks at it."""

MARK = "audit-mark-"
"""Beginning of the names that nobody else asks for."""


def write_policy(path: Path) -> Path:
    """Everything at level Metadata, without the event that a request has arrived."""
    policy = {
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "rules": [{"level": "Metadata"}],
    }
    path.write_text(yaml.safe_dump(policy), encoding="utf-8")
    return path


class AuditFile:
    """Reads each line once, and keeps the entry."""

    def __init__(self, path: Path, kube: HttpKubeClient) -> None:
        self._path, self._kube = path, kube
        self._lock = threading.Lock()
        self._entries: list[AuditEntry] = []
        self._offset = 0

    def entries(self) -> list[AuditEntry]:
        """Asks for what nobody has, and reads until that stands there, too.

        Raises `ProgramFailed` when it never does.
        """
        mark = f"{MARK}{uuid.uuid4().hex}"
        with suppress(NotFound):
            self._kube.get(NAMESPACES, mark)
        with self._lock:
            deadline = time.monotonic() + PATIENCE
            while not self._read_up_to(mark):
                if time.monotonic() > deadline:
                    raise ProgramFailed(f"{self._path} lacks a request of {PATIENCE:.0f} s ago")
                time.sleep(LOOK)
            return [entry for entry in self._entries if not entry.name.startswith(MARK)]

    def _read_up_to(self, mark: str) -> bool:
        with self._path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    break  # it is being written
                self._offset += len(line)
                event = msgspec.json.decode(line)
                if _counts(event):
                    self._entries.append(_entry(event))
        return any(entry.name == mark for entry in reversed(self._entries))


def _counts(event: dict[str, Any]) -> bool:
    """One event for each request: a watch has another one at its end.

    Who is refused for his credentials has the first one alone.
    """
    code = event["responseStatus"].get("code")
    first = code == HTTPStatus.UNAUTHORIZED or (event["verb"] == "watch" and code == HTTPStatus.OK)
    return bool(event["stage"] == ("ResponseStarted" if first else "ResponseComplete"))


def _entry(event: dict[str, Any]) -> AuditEntry:
    about = event.get("objectRef") or {}
    return AuditEntry(
        user=event["user"].get("username", ""),
        verb=event["verb"],
        code=event["responseStatus"].get("code", 0),
        group=about.get("apiGroup", ""),
        resource=about.get("resource", ""),
        subresource=about.get("subresource", ""),
        namespace=about.get("namespace", ""),
        name=about.get("name", ""),
        path="" if about else event["requestURI"].partition("?")[0],
        acted_as=event.get("impersonatedUser", {}).get("username", ""),
        user_agent=event.get("userAgent", ""),
    )
