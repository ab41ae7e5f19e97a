"""A request is not read without end, however its length is said."""

from __future__ import annotations

import asyncio

import pytest

from conformance.clusters.http_messages import Head, read_body

PLAIN = Head("POST / HTTP/1.1", (("content-length", "6"),))
CHUNKED = Head("POST / HTTP/1.1", (("transfer-encoding", "chunked"),))


def body(head: Head, sent: bytes, limit: float) -> bytes:
    async def read() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(sent)
        return await asyncio.wait_for(read_body(reader, head, limit), 10)

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("head", "sent", "begun"),
    [(PLAIN, b"abcdef", b""), (CHUNKED, b"6\r\nabcdef\r\n0\r\n\r\n", b"6\r\nabcdef\r\n")],
)
def test_bodies_have_a_limit(head: Head, sent: bytes, begun: bytes) -> None:
    assert body(head, sent, limit=6) == b"abcdef"
    with pytest.raises(ValueError, match="at most 5 bytes"):
        body(head, begun, limit=5)
