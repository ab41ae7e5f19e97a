"""Running one scenario: what each request of each step was answered, not yet normalised."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from typing import Any

import msgspec

from fake_cloud.kube_api.fidelity.servers import Answer, Server, Stream
from fake_cloud.kube_api.fidelity.steps import Identity, Read, Scenario, Send
from fake_cloud.kube_api.fidelity.values import MissingValue, fill, pick
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.protobuf.envelope import PROTOBUF, read_object

CLIENT = "steps/1"
"""Whom `managedFields` name."""

HEADERS = (
    "content-type",
    "warning",
    "retry-after",
    "content-encoding",
    "etag",
    "location",
    "vary",
)
"""What of an answer's head is compared."""


class Exchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """One request and its answer. A watch that is read has events instead of a body.

    `trouble` says why there is no answer at all.
    """

    request: str
    status: int = 0
    headers: dict[str, str] = {}
    body: Any = None
    events: list[Any] | None = None
    ended: bool = False
    trouble: str = ""


class SetupFailed(Exception):
    """The server refused what a scenario starts from."""


SETUP = 0
"""The number under which `run` gives the set-up, so that its names and versions are known."""


def run(scenario: Scenario, server: Server) -> dict[int, list[Exchange]]:
    """The exchanges of each step, by number. Raises `SetupFailed`."""
    course = _Course(server)
    try:
        setup = course.take(scenario.setup)
        for exchange in setup:
            if not 200 <= exchange.status < 300:
                seen = f"{exchange.status} {exchange.body} {exchange.trouble}"
                raise SetupFailed(f"{scenario.name}: {exchange.request} was answered with {seen}")
        return {SETUP: setup} | {step.step: course.take(step.requests) for step in scenario.steps}
    finally:
        course.close()


class _Course:
    """Saved values and open watches of one scenario."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._values: dict[str, Any] = {}
        self._streams: dict[str, Stream] = {}

    def take(self, requests: Iterable[Send | Read]) -> list[Exchange]:
        return [self.send(r) if isinstance(r, Send) else self.read(r) for r in requests]

    def send(self, request: Send) -> Exchange:
        try:
            if request.compact:
                self._server.compact()
            answer = self._answer(request)
            exchange = Exchange(request.send, answer.status, _head(answer), _body(answer))
            self._save(request.save, exchange.body)
            if request.save_head:
                self._save(request.save_head, exchange.headers)
        except Exception as error:  # noqa: BLE001 - the embedded server's faults are findings
            return Exchange(request.send, trouble=f"{type(error).__name__}: {error}")
        return exchange

    def _answer(self, request: Send) -> Answer:
        deadline = time.monotonic() + self._server.patience
        while True:
            filled, identity = self._filled(request), self._identity(request)
            answer = self._server.send(filled, identity, streaming=bool(request.watch))
            if not request.until or _reached(request.until, answer):
                break
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {request.until}, still {answer.status} {_body(answer)}")
            time.sleep(self._server.poll)
        if answer.stream is not None:
            self._streams[request.watch] = answer.stream
        return answer

    def _filled(self, request: Send) -> Request:
        method, path = fill(request.send, self._values).split(" ", 1)
        headers = {"Accept": "application/json", "User-Agent": CLIENT}
        if request.raw is not None:
            body = fill(request.raw, self._values).encode()
        elif request.raw64:
            body = base64.b64decode(request.raw64)
        elif request.body is not msgspec.UNSET:
            body = msgspec.json.encode(fill(request.body, self._values))
            headers["Content-Type"] = "application/json"
        else:
            body = b""
        headers |= fill(request.headers, self._values)
        lower = {name.lower(): value for name, value in headers.items()}
        return Request(method, path, fill(request.query, self._values), lower, body)

    def _identity(self, request: Send) -> Identity | None:
        if isinstance(request.by, msgspec.UnsetType):
            return None
        token = fill(request.by.token, self._values)
        return msgspec.structs.replace(request.by, token=token)

    def read(self, request: Read) -> Exchange:
        about = f"read {request.read}"
        stream = self._streams.get(request.read)
        if stream is None:
            return Exchange(about, trouble=f"{request.read} is not open")
        events: list[Any] = []
        try:
            ended = self._collect(stream, request, events)
            self._save(request.save, events)
        except (TimeoutError, MissingValue) as error:
            why = f"{type(error).__name__}: {error}"
            return Exchange(about, events=events, trouble=why)
        if request.close:
            stream.close()
        return Exchange(about, events=events, ended=ended)

    def _collect(self, stream: Stream, request: Read, events: list[Any]) -> bool:
        """Whether the server ended the stream."""
        while not request.count or len(events) < request.count:
            line = stream.line()
            if line is None:
                return True
            event = msgspec.json.decode(line)
            events.append(event)
            if request.upto in (event.get("type"), _name(event)):
                return False
        return False

    def _save(self, wanted: dict[str, str], answer: Any) -> None:
        for name, path in wanted.items():
            self._values[name] = pick(answer, path)

    def close(self) -> None:
        for stream in self._streams.values():
            stream.close()


def _name(event: Any) -> Any:
    """Of the object that it is about; None for a bookmark and for an error."""
    return event.get("object", {}).get("metadata", {}).get("name")


def _reached(until: int | str, answer: Answer) -> bool:
    if isinstance(until, int):
        return answer.status == until
    try:
        pick(_body(answer), until)
    except MissingValue:
        return False
    return True


def _head(answer: Answer) -> dict[str, str]:
    return {name: answer.headers[name] for name in HEADERS if name in answer.headers}


def _body(answer: Answer) -> Any:
    """JSON as it is, protobuf as the JSON of the same object, other bodies as text."""
    if not answer.body:
        return None
    if answer.headers.get("content-type") == PROTOBUF:
        return _without_zero(read_object(answer.body))
    try:
        return msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return answer.body.decode(errors="replace")


def _without_zero(value: Any) -> Any:
    """Go writes empty strings and zeros into protobuf, and leaves them out of JSON."""
    if isinstance(value, dict):
        return {k: _without_zero(v) for k, v in value.items() if v not in ("", 0)}
    return [_without_zero(item) for item in value] if isinstance(value, list) else value
