"""Misbehaviour towards the subject alone; implements `KubernetesDisturbance`.

Checks switch from their threads; the subject's requests ask from theirs (in process) or from the
thread of the transport, which must never wait: it is called back when a held request is released.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from conformance.contracts.clusters import ApiRequest
from conformance.contracts.refusal_reason import refusal_reason
from conformance.contracts.refusals import STATUS_REASONS, Refusal, Selector
from fake_cloud.kube_api.http import ConnectionCut, Reply, Request, Streaming
from fake_cloud.kube_api.requests import locate, verb_of
from fake_cloud.kube_api.status_errors import StatusError, expired
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.watching.stream import WatchStream

Item = TypeVar("Item")
Handle = Callable[[Request], Reply | Streaming]
Listener = Callable[[ApiRequest], object]


@dataclass(frozen=True, slots=True)
class Intent:
    """What a request wants, in the words of selectors."""

    verb: str
    resource: str
    name: str
    subresource: str


def intent_of(request: Request) -> Intent:
    """Paths outside resources have an empty resource."""
    location = locate(request.path)
    if location is None:
        return Intent(request.method.lower(), "", "", "")
    verb = verb_of(request, location)
    return Intent(verb, location.plural, location.name, location.subresource)


class HeldRequest:
    """Implements `Hold`: the first matching request waits here."""

    def __init__(self, selector: Selector):
        self.selector = selector
        self._lock = threading.Lock()
        self._held = threading.Event()
        self._released = False
        self._go_on: Callable[[], None] | None = None

    def wait_held(self, timeout: float) -> bool:
        return self._held.wait(timeout)

    def release(self) -> None:
        with self._lock:
            self._released = True
            go_on, self._go_on = self._go_on, None
        if go_on is not None:
            go_on()

    def take(self, go_on: Callable[[], None]) -> bool:
        """Whether a request is held here now; `go_on` is called at its release."""
        with self._lock:
            if self._released or self._held.is_set():
                return False
            self._go_on = go_on
            self._held.set()
            return True


class Disturbances:
    """The switches, and the door that every request of the subject passes."""

    def __init__(self, handle: Handle):
        self._handle = handle
        self._lock = threading.Lock()
        self._refusals: list[Refusal] = []
        self._holds: list[HeldRequest] = []
        self._listeners: list[Listener] = []
        self._outages = 0
        self._watches: set[WatchStream] = set()
        self._cutters: list[Callable[[], None]] = []

    # -- switched by checks

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
        with self._lock:
            self._outages += 1
            watches, cutters = list(self._watches), list(self._cutters)
        for cut in cutters:
            cut()
        for watch in watches:
            watch.break_off()
        try:
            yield
        finally:
            with self._lock:
                self._outages -= 1

    def expire_watches(self) -> None:
        status = expired("too old resource version").status
        for watch in self._now(self._watches):
            watch.fail(status)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    # -- asked on behalf of the subject

    @property
    def cut(self) -> bool:
        """No connection may live at the moment."""
        return self._outages > 0

    def on_cut(self, cutter: Callable[[], None]) -> Callable[[], None]:
        """Call `cutter` when an outage begins; it must break every connection before it returns.

        The result stops that.
        """
        with self._lock:
            self._cutters.append(cutter)

        def stop() -> None:
            with self._lock:
                self._cutters.remove(cutter)

        return stop

    def handle(self, request: Request) -> Reply | Streaming:
        """In process: waits here while held. Raises `ConnectionCut` during an outage."""
        released = threading.Event()
        if self.hold_back(request, released.set):
            released.wait()
        return self.answer(request)

    def hold_back(self, request: Request, go_on: Callable[[], None]) -> bool:
        """Whether this request is held; `go_on` is called, once, when it may pass."""
        intent = intent_of(request)
        holds = self._now(self._holds)
        return any(held.selector.matches(intent) and held.take(go_on) for held in holds)

    def answer(self, request: Request) -> Reply | Streaming:
        """What the subject gets, refusals included. Raises `ConnectionCut` during an outage."""
        intent = intent_of(request)
        if self.cut:
            self._finished(intent, 0, disturbed=True)
            raise ConnectionCut("an outage of the API is on")
        code = self._refusal(intent)
        if code:
            refused = _refused(code)
            self._finished(intent, code, disturbed=True, body=refused.body)
            return refused
        answer = self._handle(request)
        if isinstance(answer, Streaming) and isinstance(answer.stream, WatchStream):
            self._follow(answer.stream, intent)
        else:
            body = answer.body if isinstance(answer, Reply) else b""
            self._finished(intent, answer.status, body=body)
        return answer

    def _refusal(self, intent: Intent) -> int:
        matching = (r.code for r in self._now(self._refusals) if r.selector.matches(intent))
        return next(matching, 0)

    def _follow(self, stream: WatchStream, intent: Intent) -> None:
        """A watch is finished when it ends."""

        def ended() -> None:
            with self._lock:
                self._watches.discard(stream)
            status = 0 if stream.cut else 200
            self._finished(intent, status, disturbed=stream.cut or stream.failed)

        with self._lock:
            self._watches.add(stream)
        stream.call_at_end(ended)

    def _finished(
        self, intent: Intent, status: int, *, disturbed: bool = False, body: bytes = b""
    ) -> None:
        seen = ApiRequest(
            verb=intent.verb,
            resource=intent.resource,
            name=intent.name,
            subresource=intent.subresource,
            status=status,
            at=time.monotonic(),
            disturbed=disturbed,
            reason=refusal_reason(status, body),
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


def _refused(code: int) -> Reply:
    error = StatusError(code, STATUS_REASONS.get(code, ""), "refused by the conformance run")
    headers = {"Content-Type": "application/json"}
    if code == 429:
        headers["Retry-After"] = "1"
    return Reply(code, headers, encode(error.status))
