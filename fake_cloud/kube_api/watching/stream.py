"""One open watch: initial events, later changes, bookmarks, an end.

Behaviour: k8s.io/apiserver/pkg/storage/cacher (selectors, bookmarks, initial events).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fake_cloud.kube_api.store import Change, Collection, Entry, Store, at_version, encode

QUEUE_LENGTH = 1000
"""A reader that is so many events behind is cut off, as the real cacher does."""

LAST_BOOKMARK = 2.0
"""Seconds before its time-out that a watch gets a last bookmark: cacher/cache_watcher.go."""

INITIAL_EVENTS_END = "k8s.io/initial-events-end"

Convert = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list or watch wants to see."""

    namespace: str = ""
    labels: Callable[[Mapping[str, str]], bool] | None = None
    fields: Callable[[Mapping[str, str]], bool] | None = None

    @property
    def everything(self) -> bool:
        return not self.namespace and self.labels is None and self.fields is None

    def matches(self, entry: Entry) -> bool:
        return (
            (not self.namespace or entry.key[0] == self.namespace)
            and (self.labels is None or self.labels(entry.labels))
            and (self.fields is None or self.fields(entry.fields))
        )

    def select(self, entries: Iterable[Entry]) -> list[Entry]:
        if self.labels is None and self.fields is None:
            return list(entries)
        return [entry for entry in entries if self.matches(entry)]


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """`present` gives lines another form when they are read, so that those of all are kept once."""

    selection: Selection
    api_version: str
    kind: str
    convert: Convert | None = None
    bookmarks: bool = False
    bookmark_period: float = 60.0
    timeout: float | None = None
    present: Callable[[bytes], bytes] | None = None


class WatchStream:
    """An `EventStream` fed by a collection. The store's lock guards it."""

    def __init__(self, store: Store, collection: Collection, options: WatchOptions):
        self._store, self.collection, self._options = store, collection, options
        self._present = options.present
        self._changed = threading.Condition(store.lock)
        self._lines: deque[bytes] = deque()
        self._wake: Callable[[], None] | None = None
        self._closed = False
        self.cut = False
        self.failed = False
        self._at_end: Callable[[], None] | None = None
        self._after = 0
        now = time.monotonic()
        self._deadline = None if options.timeout is None else now + options.timeout
        self._next_bookmark = self._bookmark_time(now) if options.bookmarks else None

    def _bookmark_time(self, now: float) -> float:
        """Now and then, and shortly before the time is over."""
        regular = now + self._options.bookmark_period
        if self._deadline is None:
            return regular
        last = self._deadline - LAST_BOOKMARK
        return min(regular, last) if last > now else regular

    # -- filled by the server, under the store's lock

    def start(
        self,
        current: Iterable[Entry] = (),
        missed: Iterable[Change] = (),
        *,
        end_mark: bool = False,
        after: int = 0,
    ) -> None:
        """Say what is there and what was missed, then follow what happens after a revision."""
        self._after = after
        for entry in current:
            self._lines.append(self._line("ADDED", self._data(entry)))
        if end_mark:
            mark = {INITIAL_EVENTS_END: "true"}
            self._lines.append(self._bookmark(self.collection.version, mark))
        for change in missed:
            self._take_note(change)
        self.collection.watchers.append(self._offer)

    def fail(self, status: dict[str, Any]) -> None:
        """Say why in an ERROR event, then end."""
        with self._store.lock:
            if not self._closed:
                self.failed = True
                self._lines.append(self._line("ERROR", encode(status)))
                self._close()
        self._tell_end()

    def call_at_end(self, callback: Callable[[], None]) -> None:
        """Once, when the stream is closed (at once if it is), and never under the store's lock."""
        self._at_end = callback
        self._tell_end()

    def _tell_end(self) -> None:
        with self._store.lock:
            callback = self._at_end if self._closed else None
            if callback is not None:
                self._at_end = None
        if callback is not None:
            callback()

    def break_off(self) -> None:
        """End without a proper end, as when a connection breaks."""
        with self._store.lock:
            self._lines.clear()
            self.cut = True
            self._close()
        self._tell_end()

    def _offer(self, change: Change) -> None:
        if change.version > self._after and self._take_note(change):
            if len(self._lines) > QUEUE_LENGTH:
                self._lines.clear()
                self._close()  # who reads it will tell
            else:
                self._signal()

    def _take_note(self, change: Change) -> bool:
        selection = self._options.selection
        if selection.everything:
            self._lines.append(self._cached(change, change.type, change.entry))
            return True
        now = change.type != "DELETED" and selection.matches(change.entry)
        before = change.previous is not None and selection.matches(change.previous)
        if not now and not before:
            return False
        kind = "MODIFIED" if now and before else "ADDED" if now else "DELETED"
        entry = change.entry
        if kind == "DELETED" and change.type != "DELETED" and change.previous is not None:
            entry = at_version(change.previous, change.version)
        self._lines.append(self._cached(change, kind, entry))
        return True

    def _cached(self, change: Change, kind: str, entry: Entry) -> bytes:
        """Encoded once for all watchers of one form."""
        key = (kind, self._options.api_version)
        line = change.lines.get(key)
        if line is None:
            line = change.lines[key] = self._line(kind, self._data(entry))
        return line

    def _data(self, entry: Entry) -> bytes:
        convert = self._options.convert
        return entry.data if convert is None else convert(entry.data)

    def _line(self, kind: str, data: bytes) -> bytes:
        return b'{"type":"' + kind.encode() + b'","object":' + data + b"}\n"

    def _bookmark(self, version: int, annotations: dict[str, str] | None = None) -> bytes:
        metadata: dict[str, Any] = {"resourceVersion": str(version)}
        if annotations:
            metadata["annotations"] = annotations
        body = {
            "kind": self._options.kind,
            "apiVersion": self._options.api_version,
            "metadata": metadata,
        }
        return self._line("BOOKMARK", encode(body))

    def _signal(self) -> None:
        self._changed.notify_all()
        if self._wake is not None:
            self._wake()

    # -- read by one reader

    def on_ready(self, wake: Callable[[], None]) -> None:
        with self._store.lock:
            self._wake = wake
            if self._lines or self._closed:
                wake()

    def take(self, limit: int) -> list[bytes]:
        with self._store.lock:
            self._look_at_the_clock()
            count = min(limit, len(self._lines))
            lines = [self._lines.popleft() for _ in range(count)]
        self._tell_end()
        return lines if self._present is None else [self._present(line) for line in lines]

    def next_line(self, timeout: float | None = None) -> bytes | None:
        line = self._wait_line(None if timeout is None else time.monotonic() + timeout)
        self._tell_end()
        return line if line is None or self._present is None else self._present(line)

    def _wait_line(self, until: float | None) -> bytes | None:
        with self._changed:
            while True:
                self._look_at_the_clock()
                if self._lines:
                    return self._lines.popleft()
                now = time.monotonic()
                if self._closed or (until is not None and now >= until):
                    return None
                ends = [moment for moment in (until, self.due) if moment is not None]
                self._changed.wait(max(0.0, min(ends) - now) if ends else None)

    @property
    def due(self) -> float | None:
        """When `take` has something to say without a change: monotonic seconds."""
        moments = [m for m in (self._deadline, self._next_bookmark) if m is not None]
        return min(moments) if moments else None

    @property
    def ended(self) -> bool:
        return self._closed and not self._lines

    def close(self) -> None:
        with self._store.lock:
            self._close()
        self._tell_end()

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            self._deadline = self._next_bookmark = None
            if self._offer in self.collection.watchers:
                self.collection.watchers.remove(self._offer)
            self._signal()

    def _look_at_the_clock(self) -> None:
        now = time.monotonic()
        if self._deadline is not None and now >= self._deadline:
            self._close()
        elif self._next_bookmark is not None and now >= self._next_bookmark:
            self._lines.append(self._bookmark(self._store.version))
            self._next_bookmark = self._bookmark_time(now)
