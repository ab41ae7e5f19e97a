"""What is switched on against the subject at the moment; implements `KubernetesDisturbance`.

Checks switch from their threads, the proxy asks from its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from conformance.clusters.requests import Request
from conformance.contracts.clusters import ApiRequest
from conformance.contracts.refusals import Refusal, Selector

Item = TypeVar("Item")


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


class Disturbances:
    """The switches, and the questions that the transport asks about them."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lock = threading.Lock()
        self._refusals: list[Refusal] = []
        self._holds: list[HeldRequest] = []
        self._listeners: list[Callable[[ApiRequest], object]] = []

    @contextmanager
    def refuse(
        self, *, verb: str = "", resource: str = "", name: str = "", code: int = 500
    ) -> Iterator[None]:
        with self._listed(self._refusals, Refusal(Selector(verb, resource, name), code)):
            yield

    @contextmanager
    def hold(self, *, verb: str = "", resource: str = "", name: str = "") -> Iterator[HeldRequest]:
        held = HeldRequest(Selector(verb, resource, name))
        with self._listed(self._holds, held):
            try:
                yield held
            finally:
                held.release()

    @contextmanager
    def outage(self) -> Iterator[None]:
        self._door.close()
        try:
            yield
        finally:
            self._door.open()

    def expire_watches(self) -> None:
        self._door.expire_watches()

    def subscribe(self, listener: Callable[[ApiRequest], object]) -> Callable[[], None]:
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def holder(self, request: Request) -> HeldRequest | None:
        """Who holds this request; it then waits for the release."""
        return next((held for held in self._now(self._holds) if held.takes(request)), None)

    def refusal(self, request: Request) -> int:
        """The code to refuse the request with, 0 to let it pass."""
        codes = (one.code for one in self._now(self._refusals) if one.selector.matches(request))
        return next(codes, 0)

    def let_go(self) -> None:
        """Release whatever is still held."""
        for held in self._now(self._holds):
            held.release()

    def finished(self, request: Request, status: int, *, disturbed: bool, reason: str = "") -> None:
        """Tell the listeners."""
        seen = ApiRequest(
            verb=request.verb,
            resource=request.resource,
            name=request.name,
            subresource=request.subresource,
            status=status,
            at=time.monotonic(),
            disturbed=disturbed,
            reason=reason,
        )
        for listener in self._now(self._listeners):
            listener(seen)

    def _now(self, items: list[Item]) -> list[Item]:
        with self._lock:
            return list(items)

    @contextmanager
    def _listed(self, items: list[Item], item: Item) -> Iterator[None]:
        with self._lock:
            items.append(item)
        try:
            yield
        finally:
            with self._lock:
                items.remove(item)
