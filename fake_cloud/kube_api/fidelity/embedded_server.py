"""The embedded API, in process."""

from __future__ import annotations

import gzip
from dataclasses import replace

from fake_cloud.kube_api.authentication.client_certificates import user_of_certificate
from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.fidelity.servers import PATIENCE, Answer
from fake_cloud.kube_api.fidelity.steps import Identity
from fake_cloud.kube_api.http import Reply, Request, Streaming
from fake_cloud.kube_api.server import KubeApi


class EmbeddedServer:
    """The embedded API, without HTTP."""

    poll, patience = 0.01, 2.0

    def __init__(self, api: KubeApi) -> None:
        self._api = api

    def send(
        self,
        request: Request,
        identity: Identity | None = None,
        *,
        streaming: bool = False,  # noqa: ARG002
    ) -> Answer:
        reply = self._answer(request, identity)
        headers = {name.lower(): value for name, value in reply.headers.items()}
        if isinstance(reply, Streaming):
            return Answer(reply.status, headers, b"", _EmbeddedStream(reply))
        packed = headers.get("content-encoding") == "gzip"
        return Answer(reply.status, headers, gzip.decompress(reply.body) if packed else reply.body)

    def _answer(self, request: Request, identity: Identity | None) -> Reply | Streaming:
        """As the door does it, with what TLS would have found out."""
        certified: User | None = request.user
        if identity is not None:
            certified = None
            if identity.user:
                certified = user_of_certificate(identity.user, identity.groups, b"a certificate")
            elif identity.token:
                bearer = {"authorization": f"Bearer {identity.token}"}
                request = replace(request, headers={**request.headers, **bearer})
        known = self._api.authenticate(request, certified)
        return known if isinstance(known, Reply) else self._api.handle(known)

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
