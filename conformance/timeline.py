"""Everything that one environment saw, in one order, on one monotonic clock.

Watch events, cloud calls, API requests of the subject, gaps and the check's own marks are appended
by several threads. The Timeline is the wake source of every wait, and it knows what it missed: a
`Gap` says that a watch was lost, so silence inside it proves nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from conformance.contracts.clusters import ApiRequest
from conformance.contracts.journal import CloudCall
from conformance.contracts.kubernetes import JsonObject, Resource, WatchType


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """Names one object of one resource type."""

    resource: Resource
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        place = f"{self.namespace}/" if self.namespace else ""
        return f"{self.resource.kind} {place}{self.name}"


@dataclass(frozen=True, slots=True)
class Observed:
    """A watch event. `revision` is the object's resourceVersion as a number."""

    at: float
    key: ObjectKey
    type: WatchType
    object: JsonObject
    revision: int


@dataclass(frozen=True, slots=True)
class Gap:
    """From here to the next entry of this resource, changes may have been missed."""

    at: float
    resource: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that the check itself did or decided: a step, a wait, a disturbance."""

    at: float
    kind: str
    title: str
    detail: dict[str, object] = field(default_factory=dict)


Entry: TypeAlias = Observed | CloudCall | ApiRequest | Gap | Mark


def moment(entry: Entry) -> float:
    """When an entry happened; a cloud call counts from its end, when its effect is certain."""
    return entry.ended if isinstance(entry, CloudCall) else entry.at


class Timeline:
    """Append-only and thread-safe. Positions (`int`) are indexes that never move."""

    def __init__(self, on_append: Callable[[Entry], None] | None = None) -> None:
        self._entries: list[Entry] = []
        self._versions: dict[ObjectKey, list[tuple[int, Observed]]] = {}
        self._grown = threading.Condition()
        self._on_append = on_append

    def append(self, entry: Entry) -> int:
        """Add an entry, wake every wait, and return the entry's position."""
        with self._grown:
            position = len(self._entries)
            self._entries.append(entry)
            if isinstance(entry, Observed):
                self._versions.setdefault(entry.key, []).append((position, entry))
            if self._on_append:
                self._on_append(entry)
            self._grown.notify_all()
        return position

    def mark(self, kind: str, title: str, **detail: object) -> int:
        """Append a mark of the check and return its position."""
        return self.append(Mark(time.monotonic(), kind, title, detail))

    @property
    def position(self) -> int:
        """The position that the next entry will have."""
        with self._grown:
            return len(self._entries)

    def wait_growth(self, position: int, seconds: float) -> bool:
        """Wait until something stands at `position`; False when the time is over first."""
        with self._grown:
            return self._grown.wait_for(lambda: len(self._entries) > position, max(0.0, seconds))

    def since(self, position: int) -> list[Entry]:
        """Every entry from `position` on."""
        with self._grown:
            return self._entries[position:]

    def versions(self, key: ObjectKey, since: int = 0) -> list[Observed]:
        """Watch events of one object from a position on, in the order of the watch."""
        with self._grown:
            return [seen for position, seen in self._versions.get(key, ()) if position >= since]

    def states(self, key: ObjectKey, since: int = 0) -> Iterator[JsonObject | None]:
        """The state at a position and every later one; None while the object is absent."""
        with self._grown:
            versions = list(self._versions.get(key, ()))
        before = [seen for position, seen in versions if position < since]
        after = [seen for position, seen in versions if position >= since]
        for seen in before[-1:] + after:
            yield None if seen.type is WatchType.DELETED else seen.object

    def calls(self, since: int = 0) -> list[CloudCall]:
        """The subject's cloud calls from a position on."""
        return [entry for entry in self.since(since) if isinstance(entry, CloudCall)]

    def requests(self, since: int = 0) -> list[ApiRequest]:
        """The subject's API requests from a position on, where a disturbing layer sees them."""
        return [entry for entry in self.since(since) if isinstance(entry, ApiRequest)]

    def gaps(self, since: int = 0) -> list[Gap]:
        """What may have been missed from a position on."""
        return [entry for entry in self.since(since) if isinstance(entry, Gap)]
