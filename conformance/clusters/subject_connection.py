"""One connection of the subject through the disturbing proxy, and its twin to the API server."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from conformance.clusters.disturbances import Disturbances
from conformance.clusters.http_messages import (
    BODYLESS,
    LAST_CHUNK,
    Head,
    read_body,
    read_chunks,
    read_head,
    with_length,
    write_chunk,
    write_head,
)
from conformance.clusters.requests import Request, describe
from conformance.clusters.upstream_identities import Identities, Upstream
from conformance.contracts.refusal_reason import refusal_reason
from conformance.contracts.refusals import STATUS_REASONS

PROTOBUF = "application/vnd.kubernetes.protobuf"
JSON = "application/json"

HEAD_LIMIT = 1024 * 1024
"""Bytes that a head or a chunk's size line may have."""


BODY_LIMIT = 4 * 1024 * 1024
"""Bytes of a request's body: more than the 3 MiB that an API server takes, so that it refuses."""


class SubjectConnection:
    """Serves requests one after another; everything runs on the proxy's event loop."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        identities: Identities,
        disturbances: Disturbances,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._identities = identities
        self._disturbances = disturbances
        self._upstream: Upstream | None = None
        self._server: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._watching = False
        self._disturbed = False
        self._reason = ""

    async def serve(self) -> None:
        """Until either side ends the connection."""
        try:
            while (head := await read_head(self._reader)) is not None:
                await self._serve_one(head)
                if head.closes:
                    break
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            return  # the other side sees a broken connection, as without a proxy
        finally:
            self._abort()

    def cut(self) -> None:
        """Break it at once."""
        self._disturbed = True
        self._abort()

    def expire_watch(self) -> None:
        """End the watch on it, if there is one, with 410."""
        if not self._watching:
            return
        self._disturbed = True
        self._watching = False
        event = {"type": "ERROR", "object": _status(410, "too old resource version")}
        self._writer.write(write_chunk(json.dumps(event).encode() + b"\n") + LAST_CHUNK)
        self._abort_upstream()

    def _abort(self) -> None:
        self._writer.transport.abort()
        self._abort_upstream()

    def _abort_upstream(self) -> None:
        if self._server is not None:
            self._server[1].transport.abort()
            self._server = None

    async def _serve_one(self, head: Head) -> None:
        method, target, _ = head.start.split(" ", 2)
        request = describe(method, target)
        self._disturbed = False
        self._reason = ""
        status = 0
        try:
            body = await read_body(self._reader, head, BODY_LIMIT)
            status = await self._answer(head, request, body)
            await self._writer.drain()
        finally:
            self._disturbances.finished(
                request, status, disturbed=self._disturbed, reason=self._reason
            )

    async def _answer(self, head: Head, request: Request, body: bytes) -> int:
        """Answer and return the code."""
        if (holder := self._disturbances.holder(request)) is not None:
            self._disturbed = True
            await asyncio.to_thread(holder.wait_released)
        if code := self._disturbances.refusal(request):
            self._disturbed = True
            return self._refuse(code, "refused by the conformance run")
        if self._writer.transport.is_closing() or self._reader.at_eof():
            raise ConnectionResetError
        return await self._forward(head, request, body)

    def _refuse(self, code: int, message: str) -> int:
        text = json.dumps(_status(code, message)).encode()
        self._reason = refusal_reason(code, text)
        start = f"HTTP/1.1 {code} {_phrase(code)}"
        self._writer.write(with_length(start, [("content-type", JSON)], text))
        return code

    async def _forward(self, head: Head, request: Request, body: bytes) -> int:
        upstream = self._identities.of(head.header("authorization"))
        reader, writer = await self._connected(upstream)
        headers = _forwarded(head, request, bearer=not upstream.certified)
        writer.write(with_length(head.start, headers, body))
        answer = await read_head(reader)
        if answer is None:
            raise ConnectionResetError
        if request.verb == "watch" and answer.status == HTTPStatus.OK and answer.chunked:
            self._begin_chunks(answer)
            await self._relay_watch(reader)
        elif answer.chunked:
            self._begin_chunks(answer)
            await self._relay_chunks(reader)
        else:
            bodyless = answer.status in BODYLESS or head.start.startswith("HEAD ")
            content = b"" if bodyless else await read_body(reader, answer)
            self._reason = refusal_reason(answer.status, content)
            self._writer.write(with_length(answer.start, answer.end_to_end(), content))
        if answer.closes:
            self._abort_upstream()
        return answer.status

    async def _connected(
        self, upstream: Upstream
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._server is not None and (self._server[0].at_eof() or self._upstream != upstream):
            self._abort_upstream()
        if self._server is None:
            self._upstream = upstream
            self._server = await asyncio.open_connection(
                upstream.host, upstream.port, ssl=upstream.tls, limit=HEAD_LIMIT
            )
        return self._server

    def _begin_chunks(self, answer: Head) -> None:
        chunked = ("transfer-encoding", "chunked")
        self._writer.write(write_head(answer.start, [*answer.end_to_end(), chunked]))

    async def _relay_chunks(self, reader: asyncio.StreamReader) -> None:
        async for chunk in read_chunks(reader):
            self._writer.write(write_chunk(chunk))
            await self._writer.drain()
        self._writer.write(LAST_CHUNK)

    async def _relay_watch(self, reader: asyncio.StreamReader) -> None:
        """Until the server ends it, we expire it, or the subject goes.

        A subject sends nothing while it watches, so that anything to read is its end.
        """
        self._watching = True
        events = asyncio.create_task(self._relay_events(reader))
        gone = asyncio.create_task(self._reader.read(1))
        try:
            await asyncio.wait({events, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not events.done():
                raise ConnectionResetError
            events.result()
        finally:
            self._watching = False
            await _cancelled(events, gone)

    async def _relay_events(self, reader: asyncio.StreamReader) -> None:
        """Whole lines, that is whole events, so that our own fits in between."""
        rest = b""
        try:
            async for chunk in read_chunks(reader):
                lines, newline, rest = (rest + chunk).rpartition(b"\n")
                self._writer.write(write_chunk(lines + newline))
                await self._writer.drain()
        except (OSError, EOFError):
            if self._watching:
                raise
        if self._watching:
            self._watching = False
            self._writer.write(LAST_CHUNK)


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _forwarded(head: Head, request: Request, *, bearer: bool) -> list[tuple[str, str]]:
    """The subject's headers, its token only as a `bearer`.

    Watches are asked for in JSON, so that we can speak in them.
    """
    headers = [(key, value) for key, value in head.end_to_end() if bearer or key != "authorization"]
    if request.verb != "watch":
        return headers
    plain = [(key, value) for key, value in headers if key != "accept-encoding"]
    return [(k, v.replace(PROTOBUF, JSON) if k == "accept" else v) for k, v in plain]


def _status(code: int, message: str) -> dict[str, object]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": STATUS_REASONS.get(code, ""),
        "code": code,
    }


def _phrase(code: int) -> str:
    return HTTPStatus(code).phrase if code in HTTPStatus._value2member_map_ else "Refused"
