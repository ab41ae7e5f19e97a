"""What checks have switched on against the subject, and who listens: the same on every backend.

How a request is refused, held or cut is the matter of the layer that the subject's requests pass.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from conformance.contracts.clusters import ApiRequest
from conformance.contracts.refusals import Intent, Refusal, Selector

Item = TypeVar("Item")
Listener = Callable[[ApiRequest], object]


class Releasable(Protocol):
    """Where a request is held."""

    def release(self) -> None:
        """Let it pass. May be called again."""
        ...


Held = TypeVar("Held", bound=Releasable)


class Switches(Generic[Held]):
    """Checks switch from their threads, requests ask from others. `held` makes a place to wait."""

    def __init__(self, held: Callable[[Selector], Held]) -> None:
        self._held = held
        self._lock = threading.Lock()
        self._refusals: list[Refusal] = []
        self._holds: list[Held] = []
        self._listeners: list[Listener] = []

    @contextmanager
    def refuse(
        self, *, verb: str = "", resource: str = "", name: str = "", code: int = 500
    ) -> Iterator[None]:
        with self._listed(self._refusals, Refusal(Selector(verb, resource, name), code)):
            yield

    @contextmanager
    def hold(self, *, verb: str = "", resource: str = "", name: str = "") -> Iterator[Held]:
        held = self._held(Selector(verb, resource, name))
        with self._listed(self._holds, held):
            try:
                yield held
            finally:
                held.release()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def refusal(self, intent: Intent) -> int:
        """The code to refuse a request with, 0 to let it pass."""
        codes = (one.code for one in self._now(self._refusals) if one.selector.matches(intent))
        return next(codes, 0)

    def finished(self, intent: Intent, status: int, *, disturbed: bool, reason: str = "") -> None:
        """Tell the listeners."""
        seen = ApiRequest(
            verb=intent.verb,
            resource=intent.resource,
            name=intent.name,
            subresource=intent.subresource,
            status=status,
            at=time.monotonic(),
            disturbed=disturbed,
            reason=reason,
        )
        for listener in self._now(self._listeners):
            listener(seen)

    def _now(self, items: list[Item] | set[Item]) -> list[Item]:
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
