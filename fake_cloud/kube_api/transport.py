"""HTTP/1.1 on one connection: bytes in, requests to the core, replies and watch events out.

Runs on the event loop of `serving`; nothing here waits.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qsl, unquote

import httptools

from fake_cloud.kube_api.authentication.client_certificates import certified_user
from fake_cloud.kube_api.authentication.impersonation import REPEATABLE, REPEATED
from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.handlers import failure
from fake_cloud.kube_api.http import ConnectionCut, EventStream, Reply, Request, Streaming
from fake_cloud.kube_api.status_errors import StatusError, internal

BODY_LIMIT = 3 * 1024 * 1024
"""Largest request body: k8s.io/apiserver/pkg/server/config.go, MaxRequestBodyBytes."""

HEADER_LIMIT = 64 * 1024
"""Largest sum of a request's header bytes, its address included."""

AHEAD = 16
"""Requests that a client may send before it has answers; then nothing more is read."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""What would end a header, or begin one that nobody meant."""

BATCH = 256
"""Events written at once before the loop gets a turn."""


class Core(Protocol):
    """Who answers the requests of one door."""

    def hold_back(self, request: Request, go_on: Callable[[], None]) -> bool: ...

    def answer(self, request: Request) -> Reply | Streaming: ...

    @property
    def cut(self) -> bool: ...


Authenticate = Callable[[Request, User | None], Request | Reply]
"""The request with its user, or why it is refused; given whom a client certificate names."""


@dataclass(slots=True)
class Door:
    """One listening port: whom it lets in, who answers, which connections are open."""

    core: Core
    authenticate: Authenticate
    connections: set[Connection] = field(default_factory=set)

    def cut(self) -> None:
        for connection in list(self.connections):
            connection.abort()


class Connection(asyncio.Protocol):
    """Requests are answered one after the other, also when a client sends them ahead."""

    def __init__(self, loop: asyncio.AbstractEventLoop, door: Door):
        self._loop, self._door = loop, door
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._certified: User | None = None
        self._waiting: deque[tuple[Request, bool]] = deque()
        self._busy = False
        self._stream: EventStream | None = None
        self._paused = False
        self._timer: asyncio.TimerHandle | None = None
        self.on_message_begin()

    # -- asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        if (tls := transport.get_extra_info("ssl_object")) is not None:
            self._certified = certified_user(tls)
        self._door.connections.add(self)
        if self._door.core.cut:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._door.connections.discard(self)
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        if self._stream is not None:
            self._stream.close()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse(400, "BadRequest", "upgrades are not served")
        except httptools.HttpParserError as error:
            self._refuse(400, "BadRequest", f"the request is no HTTP/1.1: {error}")

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._pump()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # -- httptools

    def on_message_begin(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._body_size = self._header_size = 0

    def on_url(self, url: bytes) -> None:
        if self._head_fits(len(url)):
            self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._head_fits(len(name) + len(value)):
            return
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        if key.startswith(REPEATABLE) and key in self._headers:
            text = f"{self._headers[key]}{REPEATED}{text}"
        self._headers[key] = text

    def _head_fits(self, size: int) -> bool:
        self._header_size += size
        if self._header_size > HEADER_LIMIT:
            self._refuse(431, "", "the request has too many headers")
        return self._header_size <= HEADER_LIMIT

    def on_headers_complete(self) -> None:
        if self._headers.get("expect", "").lower() == "100-continue":
            self._write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_size += len(body)
        if self._body_size > BODY_LIMIT:
            text = f"Request entity too large: limit is {BODY_LIMIT}"
            self._refuse(413, "RequestEntityTooLarge", text)
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        request = Request(
            self._parser.get_method().decode(),
            *_split(self._url),
            self._headers,
            b"".join(self._body),
        )
        self._waiting.append((request, self._parser.should_keep_alive()))
        if len(self._waiting) == AHEAD and self._transport is not None:
            self._transport.pause_reading()
        self._next()

    # -- answering

    def _next(self) -> None:
        if self._busy or not self._waiting or self._transport is None:
            return
        self._busy = True
        asked, keep_alive = self._waiting.popleft()
        self._transport.resume_reading()
        try:
            request = self._door.authenticate(asked, self._certified)
        except Exception as error:  # noqa: BLE001 - nobody may wait for an answer in vain
            self._crashed(asked, error)
            return
        if isinstance(request, Reply):
            self._reply(asked, request, keep_alive=keep_alive)
            return

        def go_on() -> None:
            self._loop.call_soon_threadsafe(self._answer, request, keep_alive)

        if not self._door.core.hold_back(request, go_on):
            self._answer(request, keep_alive)

    def _answer(self, request: Request, keep_alive: bool) -> None:
        if self._transport is None:
            return
        try:
            answer = self._door.core.answer(request)
        except ConnectionCut:
            self.abort()
            return
        except Exception as error:  # noqa: BLE001 - nobody may wait for an answer in vain
            self._crashed(request, error)
            return
        if isinstance(answer, Reply):
            self._reply(request, answer, keep_alive=keep_alive)
        else:
            self._start(answer)

    def _reply(self, request: Request, reply: Reply, *, keep_alive: bool) -> None:
        head = _head(reply.status, reply.headers, close=not keep_alive)
        length = b"Content-Length: %d\r\n\r\n" % len(reply.body)
        body = b"" if request.method == "HEAD" else reply.body
        self._write(head + length + body)
        self._busy = False
        if not keep_alive and self._transport is not None:
            self._transport.close()
        elif self._waiting:
            self._loop.call_soon(self._next)

    def _crashed(self, request: Request, error: Exception) -> None:
        """As k8s.io/apiserver/pkg/server/filters/wrap.go answers after a panic."""
        self._loop.call_exception_handler({"message": "no answer was made", "exception": error})
        why = "This request caused apiserver to panic. Look in the logs for details."
        self._reply(request, failure(internal(why)), keep_alive=False)

    def _refuse(self, code: int, reason: str, message: str) -> None:
        """Answer and close: what follows on this connection cannot be trusted."""
        error = failure(StatusError(code, reason, message))
        if self._transport is not None and not self._transport.is_closing():
            self._reply(Request("GET", ""), error, keep_alive=False)

    # -- watching

    def _start(self, answer: Streaming) -> None:
        head = _head(answer.status, answer.headers, close=False)
        self._write(head + b"Transfer-Encoding: chunked\r\n\r\n")
        self._stream = answer.stream
        loop, pump = self._loop, self._pump

        def wake() -> None:
            loop.call_soon_threadsafe(pump)

        answer.stream.on_ready(wake)

    def _pump(self) -> None:
        """Write what is there, unless the client cannot keep up."""
        stream = self._stream
        if stream is None or self._transport is None or self._paused:
            return
        lines = stream.take(BATCH)
        if lines:
            data = b"".join(lines)
            self._write(b"%x\r\n" % len(data) + data + b"\r\n")
        if stream.ended:
            self._finish(stream)
        elif len(lines) == BATCH:
            self._loop.call_soon(self._pump)
        else:
            self._set_timer(stream.due)

    def _finish(self, stream: EventStream) -> None:
        self._stream = None
        if stream.cut:
            self.abort()
            return
        self._write(b"0\r\n\r\n")
        self._busy = False
        self._next()

    def _set_timer(self, due: float | None) -> None:
        """Bookmarks and time-outs; the loop and the stream read the same clock."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if due is None else self._loop.call_at(due, self._pump)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def _split(url: bytes) -> tuple[str, Mapping[str, str]]:
    path, _, query = url.decode("latin-1").partition("?")
    path = unquote(path) if "%" in path else path
    if not query:
        return path, {}
    pairs = parse_qsl(query, keep_blank_values=True)
    return path, dict(reversed(pairs))


def _head(status: int, headers: Mapping[str, str], *, close: bool) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}"]
    if "Cache-Control" not in headers:
        lines.append("Cache-Control: no-cache, private")
    lines += [f"{name}: {CONTROL.sub(' ', value)}" for name, value in headers.items()]
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n").encode("latin-1", errors="replace")
