"""HTTP/1.1 messages on asyncio streams, as much of them as a reverse proxy must understand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from math import inf

BODYLESS = frozenset({204, 304})

HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-length",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that belong to one connection (RFC 9110, 7.6.1), and the length, which we write anew."""

LAST_CHUNK = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Head:
    """Start line and headers; names in lower case."""

    start: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def chunked(self) -> bool:
        return "chunked" in self.header("transfer-encoding").lower()

    @property
    def length(self) -> int:
        return int(self.header("content-length") or 0)

    @property
    def closes(self) -> bool:
        """Whether the connection ends after this message."""
        return "close" in self.header("connection").lower()

    @property
    def status(self) -> int:
        """Of an answer's start line."""
        return int(self.start.split(" ", 2)[1])

    def end_to_end(self) -> list[tuple[str, str]]:
        """The headers that are not about this one connection."""
        return [(key, value) for key, value in self.headers if key not in HOP_BY_HOP]


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """The next message's head, None at the end of the connection."""
    try:
        text = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    start, *lines = text.decode("latin-1").strip().split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Head(start, tuple((key.lower(), value.strip()) for key, _, value in pairs))


async def read_body(reader: asyncio.StreamReader, head: Head, limit: float = inf) -> bytes:
    """The whole body of a message that says how long it is. Raises ValueError beyond `limit`."""
    if not head.chunked:
        _within(limit, head.length)
        return await reader.readexactly(head.length)
    body = bytearray()
    async for chunk in read_chunks(reader):
        body += chunk
        _within(limit, len(body))
    return bytes(body)


def _within(limit: float, size: int) -> None:
    if size > limit:
        raise ValueError(f"wanted a body of at most {limit} bytes")


async def read_chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The chunks of a body as they arrive."""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        chunk = await reader.readexactly(size + 2)
        yield chunk[:-2]
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass


def write_head(start: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [start, *(f"{key}: {value}" for key, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def with_length(start: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """A whole message."""
    return write_head(start, [*headers, ("content-length", str(len(body)))]) + body


def write_chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""
