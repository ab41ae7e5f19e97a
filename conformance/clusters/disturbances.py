"""What is switched on against the subject at the moment; implements `KubernetesDisturbance`.

Checks switch from their threads, the proxy asks from its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from conformance.clusters.requests import Request
from conformance.contracts.refusals import Selector
from conformance.contracts.switches import Switches


class Door(Protocol):
    """What the transport can do to all connections of the subject; called from any thread."""

    def close(self) -> None:
        """Break every connection and refuse new ones; done when this returns."""
        ...

    def open(self) -> None:
        """Take connections again."""
        ...

    def expire_watches(self) -> None:
        """End every open watch with 410."""
        ...


class HeldRequest:
    """Implements `Hold`: at most one request waits here."""

    def __init__(self, selector: Selector) -> None:
        self._selector = selector
        self._free = threading.Lock()
        self._held = threading.Event()
        self._released = threading.Event()

    def wait_held(self, timeout: float) -> bool:
        return self._held.wait(timeout)

    def release(self) -> None:
        self._released.set()

    def takes(self, request: Request) -> bool:
        """Whether this is the first matching request, which must then `wait_released`."""
        takes = self._selector.matches(request) and self._free.acquire(blocking=False)
        if takes:
            self._held.set()
        return takes

    def wait_released(self) -> None:
        self._released.wait()


class Disturbances(Switches[HeldRequest]):
    """The switches, and the questions that the transport asks about them."""

    def __init__(self, door: Door) -> None:
        super().__init__(HeldRequest)
        self._door = door

    @contextmanager
    def outage(self) -> Iterator[None]:
        self._door.close()
        try:
            yield
        finally:
            self._door.open()

    def expire_watches(self) -> None:
        self._door.expire_watches()

    def holder(self, request: Request) -> HeldRequest | None:
        """Who holds this request; it then waits for the release."""
        return next((held for held in self._now(self._holds) if held.takes(request)), None)

    def let_go(self) -> None:
        """Release whatever is still held."""
        for held in self._now(self._holds):
            held.release()
