"""Objects as encoded bytes, one revision counter, and a log of changes per collection.

Bytes are stored instead of dicts: reads and lists join what is there, copies are free, and the
cyclic garbage collector has nothing to walk.
"""

from __future__ import annotations

import bisect
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

Key = tuple[str, str]
"""(namespace, name); the namespace of cluster-scoped objects is empty."""

FIRST_VERSION = 1000
"""The counter starts here, so that small revisions are too old, as on a server with a history."""

LOG_LENGTH = 4096
"""Changes remembered per collection: what watches and continue tokens can go back to."""

encode = msgspec.json.encode


def decode(data: bytes) -> dict[str, Any]:
    """The object behind encoded bytes; a fresh copy each time."""
    found: dict[str, Any] = msgspec.json.decode(data)
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one object. `fields` are what field selectors may ask for."""

    key: Key
    version: int
    uid: str
    data: bytes
    labels: Mapping[str, str]
    fields: Mapping[str, str]
    owners: tuple[str, ...] = ()


@dataclass(slots=True)
class Change:
    """`type` is ADDED, MODIFIED or DELETED; a deleted `entry` carries the revision of its end."""

    type: str
    entry: Entry
    previous: Entry | None
    lines: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return self.entry.version


class TooOld(Exception):
    """The log does not reach back to this revision."""


@dataclass(slots=True)
class Collection:
    """All objects of one resource, in key order, with the changes that led here."""

    group: str
    plural: str
    items: dict[Key, Entry] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    log: deque[Change] = field(default_factory=lambda: deque(maxlen=LOG_LENGTH))
    forgotten: int = FIRST_VERSION
    watchers: list[Callable[[Change], None]] = field(default_factory=list)

    @property
    def version(self) -> int:
        """The revision of the last change here, or of what was forgotten if that is later."""
        return max(self.forgotten, self.log[-1].version if self.log else 0)

    def entries(self, namespace: str = "") -> list[Entry]:
        """In the order of (namespace, name), as etcd lists them."""
        if not namespace:
            return [self.items[key] for key in self.keys]
        first = bisect.bisect_left(self.keys, (namespace, ""))
        last = bisect.bisect_left(self.keys, (namespace + "\0", ""))
        return [self.items[key] for key in self.keys[first:last]]

    def changes_since(self, version: int) -> list[Change]:
        """What happened after this revision. Raises `TooOld`."""
        if version < self.forgotten:
            raise TooOld
        found: list[Change] = []
        for change in reversed(self.log):
            if change.version <= version:
                break
            found.append(change)
        return found[::-1]

    def entries_at(self, version: int, namespace: str = "") -> list[Entry]:
        """The list as it was at this revision. Raises `TooOld`."""
        undone = self.changes_since(version)
        if not undone:
            return self.entries(namespace)
        then: dict[Key, Entry | None] = dict(self.items)
        for change in reversed(undone):
            then[change.entry.key] = change.previous
        kept = (then[key] for key in sorted(then) if not namespace or key[0] == namespace)
        return [entry for entry in kept if entry is not None]

    def apply(self, change: Change) -> None:
        key = change.entry.key
        if change.type == "ADDED":
            bisect.insort(self.keys, key)
        if change.type == "DELETED":
            del self.items[key]
            del self.keys[bisect.bisect_left(self.keys, key)]
        else:
            self.items[key] = change.entry
        if len(self.log) == LOG_LENGTH:
            self.forgotten = self.log[0].version
        self.log.append(change)
        for watcher in tuple(self.watchers):
            watcher(change)

    def forget(self, version: int) -> None:
        """Compaction: nothing before this revision can be asked for any more."""
        while self.log and self.log[0].version <= version:
            self.log.popleft()
        self.forgotten = max(self.forgotten, version)


Listener = Callable[[Collection, Change], None]


class Store:
    """All collections under one lock; hold `lock` around a read that decides a write."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.version = FIRST_VERSION
        self.collections: dict[tuple[str, str], Collection] = {}
        self._listeners: list[Listener] = []

    def collection(self, group: str, plural: str) -> Collection:
        found = self.collections.get((group, plural))
        if found is None:
            with self.lock:
                new = Collection(group, plural, forgotten=self.version)
                found = self.collections.setdefault((group, plural), new)
        return found

    def put(self, collection: Collection, body: dict[str, Any], fields: Mapping[str, str]) -> Entry:
        """Write an object under the next revision, which is set in it. The store takes `body`."""
        with self.lock:
            version = self.version + 1
            entry = make_entry(body, version, fields)
            previous = collection.items.get(entry.key)
            self.version = version
            self._commit(collection, Change("MODIFIED" if previous else "ADDED", entry, previous))
            return entry

    def remove(self, collection: Collection, previous: Entry) -> Entry:
        """Delete; the entry that comes out carries the revision of the deletion."""
        with self.lock:
            self.version += 1
            entry = at_version(previous, self.version)
            self._commit(collection, Change("DELETED", entry, previous))
            return entry

    def compact(self) -> None:
        """Forget every change so far."""
        with self.lock:
            for collection in self.collections.values():
                collection.forget(self.version)

    def listen(self, listener: Listener) -> None:
        """Call `listener` for every change, under the lock: it must only take note."""
        with self.lock:
            self._listeners.append(listener)

    def _commit(self, collection: Collection, change: Change) -> None:
        collection.apply(change)
        for listener in self._listeners:
            listener(collection, change)


def make_entry(body: dict[str, Any], version: int, fields: Mapping[str, str]) -> Entry:
    """The bytes begin with kind and apiVersion: lists cut them off. Version 0 is not written."""
    metadata = body["metadata"]
    if version:
        metadata["resourceVersion"] = str(version)
    body["metadata"] = {name: metadata[name] for name in METADATA if name in metadata}
    head = {"kind": body["kind"], "apiVersion": body["apiVersion"]}
    return Entry(
        key=(metadata.get("namespace", ""), metadata["name"]),
        version=version,
        uid=metadata["uid"],
        data=encode(head | body),
        labels=metadata.get("labels") or {},
        fields=fields,
        owners=owner_uids(metadata.get("ownerReferences") or ()),
    )


METADATA = (
    "name",
    "generateName",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
    "managedFields",
)
"""The order of the Go struct."""


def owner_uids(references: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(reference.get("uid", "")) for reference in references)


def at_version(entry: Entry, version: int) -> Entry:
    """The same object with another revision in it."""
    body = decode(entry.data)
    body["metadata"]["resourceVersion"] = str(version)
    return replace(entry, version=version, data=encode(body))
