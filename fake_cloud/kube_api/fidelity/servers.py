"""What a scenario runs against: see `http_server` and `embedded_server`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from fake_cloud.kube_api.fidelity.steps import Identity
from fake_cloud.kube_api.http import Request

PATIENCE = 30.0
"""Seconds that an answer or an event may take."""


class Stream(Protocol):
    """The lines of one open watch."""

    def line(self) -> bytes | None:
        """The next line; None when the server has ended the stream. Raises `TimeoutError`."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, or the head of a watch. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    stream: Stream | None = None


class Server(Protocol):
    """An API server that nobody else uses, with the Service ranges of `normalise`."""

    poll: float
    """Seconds between two requests of an `until`."""

    patience: float
    """Seconds after which an `until` is given up."""

    def send(
        self, request: Request, identity: Identity | None = None, *, streaming: bool = False
    ) -> Answer:
        """Without an `identity` as the administrator. `streaming`: leaves a watch open."""
        ...

    def compact(self) -> None:
        """Forget the history now, or leave that to the server's own time."""
        ...
