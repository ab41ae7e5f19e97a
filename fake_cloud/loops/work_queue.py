"""Keys that wait for work, after client-go's rate-limiting work queue."""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque


class WorkQueue:
    """A key waits at most once and is never worked on by two at a time.

    A key that failed comes back after `first` seconds, doubling with each failure up to `cap`.
    """

    def __init__(self, first: float, cap: float) -> None:
        self._first = first
        self._cap = cap
        self._changed = threading.Condition()
        self._ready: deque[str] = deque()
        self._dirty: set[str] = set()
        self._working: set[str] = set()
        self._later: list[tuple[float, str]] = []
        self._failures: dict[str, int] = {}
        self._closed = False

    def add(self, key: str) -> None:
        """Work on `key`; one that is being worked on now comes again afterwards."""
        with self._changed:
            self._add(key)

    def _add(self, key: str) -> None:
        if key in self._dirty or self._closed:
            return
        self._dirty.add(key)
        if key not in self._working:
            self._ready.append(key)
            self._changed.notify()

    def add_after_failure(self, key: str) -> None:
        """Work on `key` again when its back-off has passed."""
        with self._changed:
            heapq.heappush(self._later, (time.monotonic() + self.back_off(key), key))
            self._changed.notify()

    def back_off(self, key: str) -> float:
        """Seconds to wait after one more failure of `key`."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        return float(min(self._first * 2 ** min(failures, 60), self._cap))

    def forget(self, key: str) -> None:
        """`key` succeeded: its next failure starts the back-off anew."""
        with self._changed:
            self._failures.pop(key, None)

    def get(self) -> str | None:
        """Wait for a key and take it; call `done` afterwards. None when the queue is closed."""
        with self._changed:
            while not self._closed:
                wait = self._move_due()
                if self._ready:
                    key = self._ready.popleft()
                    self._dirty.discard(key)
                    self._working.add(key)
                    return key
                self._changed.wait(wait)
            return None

    def _move_due(self) -> float | None:
        """Make due keys ready; the seconds until the next one, None when there is none."""
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._add(heapq.heappop(self._later)[1])
        return self._later[0][0] - now if self._later else None

    def done(self, key: str) -> None:
        """The work on `key` is over, well or not."""
        with self._changed:
            self._working.discard(key)
            if key in self._dirty:
                self._ready.append(key)
                self._changed.notify()

    def close(self) -> None:
        """Every `get` returns None from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
