"""Keeps the journal of one simulator in neutral words, stamps its calls, applies disturbances."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from conformance.contracts.journal import CloudCall, Disturbance, Fault, Loop
from fake_cloud.recorder.stamps import STAMP_LIMIT, Stamp, read_within

Listener = Callable[[CloudCall], object]

ANSWERS_OF: Mapping[Fault, frozenset[str]] = {
    Fault.EMPTY_LIST: frozenset({"list"}),
    Fault.NO_ADDRESSES: frozenset({"get", "list"}),
    Fault.POWER_STATE: frozenset({"power"}),
}
"""Faults that can only be told as the answer to certain verbs; all others fit every call."""


@dataclass(slots=True)
class LiveCall:
    """A call in progress, between the front's request and its answer.

    `fault` is what the front must act out in its own protocol. The front sets `error` to what the
    subject is answered, and may add to `about` and `detail` what it learns underway.
    """

    fault: Fault | None = None
    revision: int | None = None
    about: set[str] = field(default_factory=set)
    error: str = ""
    detail: dict[str, str] = field(default_factory=dict)


class Recorder:
    """`Journal` and `CloudDisturbance` for the fronts of one simulator; thread-safe.

    `faults` are those that the fronts can act out. Without `stamp` no call is stamped.
    """

    def __init__(
        self,
        stamp: Stamp | None = None,
        faults: Iterable[Fault] = Fault,
        stamp_limit: float = STAMP_LIMIT,
    ) -> None:
        self._stamp = stamp
        self._stamp_limit = stamp_limit
        self._faults = frozenset(faults)
        self._lock = threading.Lock()
        self._calls: list[CloudCall] = []
        self._listeners: list[Listener] = []
        self._active: list[Disturbance] = []

    def calls(self) -> Sequence[CloudCall]:
        """Every finished call so far, in the order of their ends."""
        with self._lock:
            return tuple(self._calls)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for each call from now on; returns how to stop that."""
        with self._lock:
            self._listeners.append(listener)
        return partial(self._unsubscribe, listener)

    def _unsubscribe(self, listener: Listener) -> None:
        with self._lock, suppress(ValueError):
            self._listeners.remove(listener)

    @property
    def faults(self) -> frozenset[Fault]:
        return self._faults

    @contextmanager
    def disturb(self, disturbance: Disturbance) -> Iterator[None]:
        """Disturb matching calls until exit; of several that match, the newest counts.

        Raises ValueError for a fault that the fronts cannot act out.
        """
        if disturbance.fault not in self._faults:
            known = ", ".join(sorted(self._faults)) or "none"
            raise ValueError(f"cannot act out {disturbance.fault!r}; on offer: {known}")
        with self._lock:
            self._active.append(disturbance)
        try:
            yield
        finally:
            with self._lock:
                self._active.remove(disturbance)

    @contextmanager
    def call(
        self,
        resource: str,
        verb: str,
        about: Iterable[str] = (),
        *,
        caller: Loop = Loop.UNKNOWN,
        operation: str = "",
        mutating: bool = False,
        detail: Mapping[str, str] | None = None,
    ) -> Iterator[LiveCall]:
        """The one entry point for fronts; the words are those of `CloudCall`.

        On entry a mutating call is held until its stamp is read, and disturbances are matched. On
        exit the call is written down, also when the front raises.
        """
        began = time.monotonic()
        live = LiveCall(about=set(about), detail=dict(detail or {}))
        if mutating and self._stamp is not None:
            live.revision = read_within(self._stamp, self._stamp_limit)
        live.fault = self._fault_for(resource, verb, frozenset(live.about))
        try:
            yield live
        except BaseException as error:
            live.error = live.error or str(error) or type(error).__name__
            raise
        finally:
            self._write(
                CloudCall(
                    resource=resource,
                    verb=verb,
                    about=frozenset(live.about),
                    caller=caller,
                    began=began,
                    ended=time.monotonic(),
                    operation=operation,
                    revision=live.revision,
                    error=live.error,
                    disturbed=live.fault is not None,
                    detail=live.detail,
                )
            )

    def _fault_for(self, resource: str, verb: str, about: frozenset[str]) -> Fault | None:
        with self._lock:
            for disturbance in reversed(self._active):
                fits = verb in ANSWERS_OF.get(disturbance.fault, (verb,))
                if fits and disturbance.matches(resource, verb, about):
                    return disturbance.fault
        return None

    def _write(self, call: CloudCall) -> None:
        with self._lock:
            self._calls.append(call)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(call)
