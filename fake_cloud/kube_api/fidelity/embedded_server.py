"""The embedded API, in process."""

from __future__ import annotations

import gzip

from fake_cloud.kube_api.fidelity.servers import PATIENCE, Answer
from fake_cloud.kube_api.http import Request, Streaming
from fake_cloud.kube_api.server import KubeApi


class EmbeddedServer:
    """The embedded API, without HTTP."""

    poll, patience = 0.01, 2.0

    def __init__(self, api: KubeApi) -> None:
        self._api = api

    def send(self, request: Request, *, streaming: bool = False) -> Answer:  # noqa: ARG002
        reply = self._api.handle(request)
        headers = {name.lower(): value for name, value in reply.headers.items()}
        if isinstance(reply, Streaming):
            return Answer(reply.status, headers, b"", _EmbeddedStream(reply))
        packed = headers.get("content-encoding") == "gzip"
        return Answer(reply.status, headers, gzip.decompress(reply.body) if packed else reply.body)

    def compact(self) -> None:
        self._api.compact()


class _EmbeddedStream:
    def __init__(self, reply: Streaming) -> None:
        self._stream = reply.stream

    def line(self) -> bytes | None:
        line = self._stream.next_line(timeout=PATIENCE)
        if line is None and not self._stream.ended:
            raise TimeoutError
        return line

    def close(self) -> None:
        self._stream.close()
