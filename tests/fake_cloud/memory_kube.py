"""A few verbs of the Kubernetes API in memory, enough to drive loops and stand-ins in tests."""

# ruff: noqa: ARG002 - the signatures are the protocol's

from __future__ import annotations

import queue
import threading
import uuid
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, Self

from conformance.contracts.kubernetes import (
    AlreadyExists,
    Conflict,
    Expired,
    JsonObject,
    JsonPatch,
    NotFound,
    PatchType,
    Resource,
    WatchEvent,
    WatchType,
)

Key = tuple[str, str]
Refusal = Callable[[str, Resource, str], None]


class MemoryWatch:
    """A queue of events; None ends it, an exception is raised."""

    def __init__(self, leave: Callable[[MemoryWatch], None]) -> None:
        self.events: queue.SimpleQueue[WatchEvent | Exception | None] = queue.SimpleQueue()
        self._leave = leave

    def __iter__(self) -> Iterator[WatchEvent]:
        while (event := self.events.get()) is not None:
            if isinstance(event, Exception):
                raise event
            yield event

    def close(self) -> None:
        self._leave(self)
        self.events.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class MemoryKube:
    """`refuse(verb, resource, name)` may raise before a verb is carried out."""

    def __init__(self) -> None:
        self.refuse: Refusal = lambda *_: None
        self.writes: list[tuple[str, str, str]] = []
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._revision = 0
        self._objects: dict[Key, JsonObject] = {}
        self._log: list[tuple[str, WatchEvent]] = []
        self._watches: list[tuple[str, dict[str, str], MemoryWatch]] = []

    def get(self, resource: Resource, name: str, namespace: str | None = None) -> JsonObject:
        self.refuse("get", resource, name)
        with self._lock:
            return deepcopy(self._find(resource, name))

    def list(
        self,
        resource: Resource,
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
        limit: int = 0,
        continue_token: str = "",
    ) -> JsonObject:
        self.refuse("list", resource, "")
        with self._lock:
            items = [
                deepcopy(item)
                for (plural, _), item in self._objects.items()
                if plural == resource.plural and _selected(item, _labels(label_selector))
            ]
            return {"items": items, "metadata": {"resourceVersion": str(self._revision)}}

    def create(
        self, resource: Resource, body: JsonObject, namespace: str | None = None
    ) -> JsonObject:
        name = body["metadata"]["name"]
        self.refuse("create", resource, name)
        with self._lock:
            if (resource.plural, name) in self._objects:
                raise AlreadyExists(409, "AlreadyExists", name)
            item = deepcopy(body)
            item["metadata"].setdefault("uid", str(uuid.uuid4()))
            item.setdefault("spec", {})
            return self._store("create", WatchType.ADDED, resource, item)

    def replace(
        self,
        resource: Resource,
        name: str,
        body: JsonObject,
        namespace: str | None = None,
        *,
        subresource: str = "",
    ) -> JsonObject:
        self.refuse("update", resource, name)
        with self._lock:
            self._check_revision(resource, name, body)
            return self._store("update", WatchType.MODIFIED, resource, deepcopy(body))

    def patch(
        self,
        resource: Resource,
        name: str,
        patch: JsonObject | JsonPatch,
        namespace: str | None = None,
        *,
        patch_type: PatchType = PatchType.STRATEGIC,
        subresource: str = "",
    ) -> JsonObject:
        assert isinstance(patch, dict)
        self.refuse("patch", resource, name)
        with self._lock:
            item = deepcopy(self._find(resource, name))
            self._check_revision(resource, name, patch)
            _merge(item, patch)
            return self._store("patch", WatchType.MODIFIED, resource, item)

    def delete(
        self,
        resource: Resource,
        name: str,
        namespace: str | None = None,
        *,
        options: JsonObject | None = None,
    ) -> JsonObject:
        self.refuse("delete", resource, name)
        with self._lock:
            item = deepcopy(self._find(resource, name))
            del self._objects[(resource.plural, name)]
            return self._emit("delete", WatchType.DELETED, resource, item)

    def watch(
        self,
        resource: Resource,
        namespace: str | None = None,
        *,
        resource_version: str = "",
        label_selector: str = "",
        field_selector: str = "",
        send_initial_events: bool = False,
        timeout_seconds: int | None = None,
    ) -> MemoryWatch:
        self.refuse("watch", resource, "")
        with self._lock:
            watch = MemoryWatch(self._forget)
            labels = _labels(label_selector)
            for plural, event in self._log[int(resource_version or 0) :]:
                if plural == resource.plural and _selected(event.object, labels):
                    watch.events.put(deepcopy(event))
            self._watches.append((resource.plural, labels, watch))
            return watch

    def version(self) -> JsonObject:
        return {"gitVersion": "v1.37.0+memory"}

    def expire_watches(self) -> None:
        """End every open watch with 410."""
        for _, _, watch in tuple(self._watches):
            watch.events.put(Expired(410, "Expired", "too old resource version"))

    def ring(self, *_: object) -> None:
        """Let `wait_for` look again; every write rings by itself."""
        with self._changed:
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], object], timeout: float = 10.0) -> None:
        """Block until `condition` holds, looking again whenever something was written."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(condition()), timeout), "never came true"

    def _forget(self, watch: MemoryWatch) -> None:
        with self._lock:
            self._watches = [one for one in self._watches if one[2] is not watch]

    def _find(self, resource: Resource, name: str) -> JsonObject:
        if (resource.plural, name) not in self._objects:
            raise NotFound(404, "NotFound", f"{resource.plural} {name!r} not found")
        return self._objects[(resource.plural, name)]

    def _check_revision(self, resource: Resource, name: str, body: JsonObject) -> None:
        given = body.get("metadata", {}).get("resourceVersion")
        if given not in (None, self._find(resource, name)["metadata"]["resourceVersion"]):
            raise Conflict(409, "Conflict", "the object has been modified")

    def _store(
        self, verb: str, change: WatchType, resource: Resource, item: JsonObject
    ) -> JsonObject:
        key = (resource.plural, item["metadata"]["name"])
        known = self._objects.get(key)
        if known == item:
            return deepcopy(item)
        self._objects[key] = item
        return self._emit(verb, change, resource, item)

    def _emit(
        self, verb: str, change: WatchType, resource: Resource, item: JsonObject
    ) -> JsonObject:
        self._revision += 1
        item["metadata"]["resourceVersion"] = str(self._revision)
        self.writes.append((verb, resource.plural, item["metadata"]["name"]))
        self._changed.notify_all()
        event = WatchEvent(change, deepcopy(item))
        self._log.append((resource.plural, event))
        for plural, labels, watch in self._watches:
            if plural == resource.plural and _selected(item, labels):
                watch.events.put(deepcopy(event))
        return deepcopy(item)


def _labels(selector: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in selector.split(",") if pair)


def _selected(item: JsonObject, labels: dict[str, str]) -> bool:
    present = item["metadata"].get("labels") or {}
    return all(present.get(key) == value for key, value in labels.items())


def _merge(item: dict[str, Any], patch: dict[str, Any]) -> None:
    """Strategic merge as far as nodes and events need it: conditions by type, addresses whole."""
    for key, value in patch.items():
        if value is None:
            item.pop(key, None)
        elif isinstance(value, dict):
            _merge(item.setdefault(key, {}), value)
        elif key == "conditions":
            by_type = {one["type"]: one for one in item.get(key, ())}
            by_type.update({one["type"]: one for one in value})
            item[key] = list(by_type.values())
        elif key == "addresses":
            item[key] = [one for one in value if "$patch" not in one]
        elif key != "resourceVersion":
            item[key] = value
