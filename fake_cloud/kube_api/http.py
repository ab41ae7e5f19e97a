"""What goes into the core and what comes out, as values: no sockets here.

`KubeApi.handle(Request)` gives a `Reply`, or a `Streaming` for a watch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fake_cloud.kube_api.authentication.user import OWNER, User

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `path` has no query; names of `headers` are lower case.

    A query parameter given twice keeps its first value, as kube-apiserver does for options. Who
    asks in process is one of us, unless he says otherwise; who comes by HTTP is authenticated.
    `actor` is who impersonates the user.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    user: User = OWNER
    actor: User | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer. `Content-Type` stands in `headers`, `Content-Length` does not."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ConnectionCut(Exception):
    """A request gets no answer: an outage is on."""


class EventStream(Protocol):
    """The lines of one watch, for exactly one reader."""

    def on_ready(self, wake: Callable[[], None]) -> None:
        """Call `wake` (from any thread) whenever `take` has something new to say; at once if so."""
        ...

    def take(self, limit: int) -> list[bytes]:
        """At most `limit` encoded events, each a JSON document that ends in a newline."""
        ...

    def next_line(self, timeout: float | None = None) -> bytes | None:
        """Wait for one event. None: the stream has ended or `timeout` seconds have passed."""
        ...

    @property
    def due(self) -> float | None:
        """When `take` will have something to say even without a change (monotonic seconds)."""
        ...

    @property
    def ended(self) -> bool:
        """Nothing is left and nothing will come."""
        ...

    @property
    def cut(self) -> bool:
        """It was ended by an outage, without the end that HTTP has for streams."""
        ...

    def close(self) -> None:
        """End it, from any thread."""
        ...


@dataclass(frozen=True, slots=True)
class Streaming:
    """The answer to a watch: headers now, events as they happen."""

    status: int
    headers: Mapping[str, str]
    stream: EventStream
