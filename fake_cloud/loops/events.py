"""Events about nodes, as client-go's recorder writes them: repeats are counted, floods cut off."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from itertools import count
from logging import Logger

from conformance.contracts.kubernetes import (
    EVENTS,
    ApiError,
    ApiUnreachable,
    JsonObject,
    KubeClient,
    NotFound,
)

NAMESPACE = "default"
"""Where events about cluster-scoped objects go (client-go tools/record/event.go)."""

BURST = 25
"""Events about one object before the spam filter closes (client-go tools/record/events_cache.go).
It opens again once in 300 s, which no check waits for."""


class EventRecorder:
    """Writes as one component. An event that cannot be written is lost, as with client-go."""

    def __init__(self, kube: KubeClient, component: str, log: Logger) -> None:
        self._kube = kube
        self._component = component
        self._log = log
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._repeats: dict[tuple[str, ...], JsonObject] = {}
        self._sent: dict[str, int] = {}

    def normal(self, node: JsonObject, reason: str, message: str) -> None:
        self._record(node, "Normal", reason, message)

    def warning(self, node: JsonObject, reason: str, message: str) -> None:
        self._record(node, "Warning", reason, message)

    def _record(self, node: JsonObject, kind: str, reason: str, message: str) -> None:
        uid = node["metadata"].get("uid", "")
        with self._lock:
            self._sent[uid] = self._sent.get(uid, 0) + 1
            if self._sent[uid] > BURST:
                return
            key = (uid, kind, reason, message)
            try:
                self._repeats[key] = self._write(self._repeats.get(key), node, key)
            except (ApiError, ApiUnreachable) as error:
                self._log.warning("event %s is lost: %s", reason, error)

    def _write(
        self, known: JsonObject | None, node: JsonObject, key: tuple[str, ...]
    ) -> JsonObject:
        if known is None:
            return self._kube.create(EVENTS, self._event(node, *key[1:]), NAMESPACE)
        repeat = {"count": known["count"] + 1, "lastTimestamp": _now(), "message": key[-1]}
        try:
            return self._kube.patch(EVENTS, known["metadata"]["name"], repeat, NAMESPACE)
        except NotFound:
            return self._kube.create(EVENTS, self._event(node, *key[1:]), NAMESPACE)

    def _event(self, node: JsonObject, kind: str, reason: str, message: str) -> JsonObject:
        metadata, now = node["metadata"], _now()
        unique = f"{datetime.now(UTC).timestamp():.6f}".replace(".", "")
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {
                "name": f"{metadata['name']}.{unique}{next(self._numbers)}",
                "namespace": NAMESPACE,
            },
            "involvedObject": {
                "apiVersion": "v1",
                "kind": "Node",
                "name": metadata["name"],
                **{key: metadata[key] for key in ("uid", "resourceVersion") if key in metadata},
            },
            "type": kind,
            "reason": reason,
            "message": message,
            "count": 1,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "source": {"component": self._component},
            "reportingComponent": self._component,
        }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
