"""Feeds a Timeline from watches: list, watch, and after a lost watch an honest gap."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Self

from conformance.contracts.kubernetes import (
    ApiError,
    ApiUnreachable,
    JsonObject,
    KubeClient,
    Resource,
    Watch,
    WatchType,
)
from conformance.timeline import Gap, ObjectKey, Observed, Timeline

RELIST_PAUSE = 0.2
"""Seconds between two attempts while the server does not answer."""


class Feed:
    """Watches one resource type in all namespaces on a thread of its own, until closed."""

    def __init__(self, kube: KubeClient, resource: Resource, timeline: Timeline) -> None:
        self._kube = kube
        self._resource = resource
        self._timeline = timeline
        self._known: dict[ObjectKey, JsonObject] = {}
        self._closed = threading.Event()
        self._watch: Watch | None = None
        self._follow_from = ""
        self._thread = threading.Thread(
            target=self._run, name=f"feed-{resource.plural}", daemon=True
        )

    def __enter__(self) -> Self:
        self._follow_from = self._relist()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        if self._watch is not None:
            self._watch.close()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._follow_from = self._follow_from or self._relist()
                self._follow(self._follow_from)
            except (ApiError, ApiUnreachable) as error:
                self._lost(str(error))
            except Exception as error:  # noqa: BLE001 - a broken watch is a gap, never silence
                self._lost(repr(error))

    def _lost(self, reason: str) -> None:
        if not self._closed.is_set():
            self._follow_from = ""
            self._timeline.append(Gap(time.monotonic(), self._resource.plural, reason))
            self._closed.wait(RELIST_PAUSE)

    def _relist(self) -> str:
        answer = self._kube.list(self._resource)
        present = {self._key(item): item for item in answer.get("items", ())}
        for key in set(self._known) - set(present):
            self._see(WatchType.DELETED, key, self._known[key])
        for key, item in present.items():
            known = self._known.get(key)
            if known is None:
                self._see(WatchType.ADDED, key, item)
            elif _revision(known) != _revision(item):
                self._see(WatchType.MODIFIED, key, item)
        return str(answer["metadata"]["resourceVersion"])

    def _follow(self, resource_version: str) -> None:
        with self._kube.watch(self._resource, resource_version=resource_version) as watch:
            self._watch = watch
            if self._closed.is_set():
                return
            for event in watch:
                self._follow_from = str(event.object["metadata"]["resourceVersion"])
                if event.type is not WatchType.BOOKMARK:
                    self._see(event.type, self._key(event.object), event.object)

    def _see(self, type_: WatchType, key: ObjectKey, item: JsonObject) -> None:
        if type_ is WatchType.DELETED:
            self._known.pop(key, None)
        else:
            self._known[key] = item
        self._timeline.append(Observed(time.monotonic(), key, type_, item, _revision(item)))

    def _key(self, item: JsonObject) -> ObjectKey:
        metadata = item["metadata"]
        return ObjectKey(self._resource, metadata["name"], metadata.get("namespace", ""))


def _revision(item: JsonObject) -> int:
    return int(item["metadata"].get("resourceVersion") or 0)


def feeds(kube: KubeClient, resources: Iterable[Resource], timeline: Timeline) -> list[Feed]:
    """One feed per resource type, not yet started."""
    return [Feed(kube, resource, timeline) for resource in resources]
