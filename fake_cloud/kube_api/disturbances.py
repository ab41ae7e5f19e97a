"""Misbehaviour towards the subject alone; implements `KubernetesDisturbance`.

Checks switch from their threads; the subject's requests ask from theirs (in process) or from the
thread of the transport, which must never wait: it is called back when a held request is released.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from conformance.contracts.refusal_reason import refusal_reason
from conformance.contracts.refusals import STATUS_REASONS, Selector
from conformance.contracts.switches import Switches
from fake_cloud.kube_api.http import ConnectionCut, Reply, Request, Streaming
from fake_cloud.kube_api.requests import locate, verb_of
from fake_cloud.kube_api.status_errors import StatusError, expired
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.watching.stream import WatchStream

Handle = Callable[[Request], Reply | Streaming]


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


class Disturbances(Switches[HeldRequest]):
    """The switches, and the door that every request of the subject passes."""

    def __init__(self, handle: Handle):
        super().__init__(HeldRequest)
        self._handle = handle
        self._outages = 0
        self._watches: set[WatchStream] = set()
        self._cutters: list[Callable[[], None]] = []

    # -- switched by checks

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
            self.finished(intent, 0, disturbed=True)
            raise ConnectionCut("an outage of the API is on")
        code = self.refusal(intent)
        if code:
            refused = _refused(code)
            reason = refusal_reason(code, refused.body)
            self.finished(intent, code, disturbed=True, reason=reason)
            return refused
        answer = self._handle(request)
        if isinstance(answer, Streaming) and isinstance(answer.stream, WatchStream):
            self._follow(answer.stream, intent)
        else:
            body = answer.body if isinstance(answer, Reply) else b""
            reason = refusal_reason(answer.status, body)
            self.finished(intent, answer.status, disturbed=False, reason=reason)
        return answer

    def _follow(self, stream: WatchStream, intent: Intent) -> None:
        """A watch is finished when it ends."""

        def ended() -> None:
            with self._lock:
                self._watches.discard(stream)
            status = 0 if stream.cut else 200
            self.finished(intent, status, disturbed=stream.cut or stream.failed)

        with self._lock:
            self._watches.add(stream)
        stream.call_at_end(ended)


def _refused(code: int) -> Reply:
    error = StatusError(code, STATUS_REASONS.get(code, ""), "refused by the conformance run")
    headers = {"Content-Type": "application/json"}
    if code == 429:
        headers["Retry-After"] = "1"
    return Reply(code, headers, encode(error.status))
