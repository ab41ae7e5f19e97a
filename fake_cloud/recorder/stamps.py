"""Stamps order cloud calls against Kubernetes writes by the cluster's own revision."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeAlias

from conformance.contracts.kubernetes import KubeClient, Resource

Stamp: TypeAlias = Callable[[], int | None]
"""Reads the cluster's revision now; None or an exception when it cannot be read."""

STAMP_LIMIT = 1.0
"""Seconds for which a call is held at most; after that it passes unstamped."""


def stamp_from(kube: KubeClient, resource: Resource) -> Stamp:
    """Reads the list revision of `resource`, the type whose writes are to be ordered."""

    def stamp() -> int | None:
        return int(kube.list(resource, limit=1)["metadata"]["resourceVersion"])

    return stamp


def read_within(stamp: Stamp, limit: float = STAMP_LIMIT) -> int | None:
    """What `stamp` says within `limit` seconds, else None; a hanging read is left behind."""
    answers: list[int | None] = []

    def read() -> None:
        try:
            answers.append(stamp())
        except Exception:  # noqa: BLE001 - any failure means the same: unstamped
            answers.append(None)

    reader = threading.Thread(target=read, name="stamp", daemon=True)
    reader.start()
    reader.join(limit)
    return answers[0] if answers else None
