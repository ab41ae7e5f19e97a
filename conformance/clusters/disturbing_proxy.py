"""A TLS reverse proxy on the loopback address, between the subject and a real API server.

The subject shows a bearer token that only it has; upstream it comes with a client certificate. It
can have more than one, for users with different rights.
HTTP/1.1 only, which client-go takes by ALPN. One event loop on one thread, idle when nobody asks.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from conformance.clusters.certificates import Credential
from conformance.clusters.disturbances import Disturbances
from conformance.clusters.loopback_port import LOOPBACK, reserved_port
from conformance.clusters.subject_connection import HEAD_LIMIT, SubjectConnection
from conformance.clusters.upstream_identities import Identities

Result = TypeVar("Result")


@contextmanager
def disturbing_proxy(
    server: str, authority: Path, subject: Credential, serving: ssl.SSLContext
) -> Iterator[DisturbingProxy]:
    """A proxy to `server` (an https URL), which it trusts by `authority`.

    It serves with `serving` and presents `subject` upstream.
    """
    identities = Identities(server, authority)
    with reserved_port() as port:
        proxy = DisturbingProxy(identities, identities.admit(subject), serving, port)
        proxy.open()
        try:
            yield proxy
        finally:
            proxy.end()


class DisturbingProxy:
    """Owns the event loop and its thread, the listener and the connections; a `Door`."""

    def __init__(self, identities: Identities, token: str, tls: ssl.SSLContext, port: int) -> None:
        self.url = f"https://{LOOPBACK}:{port}"
        self.identities, self.token = identities, token
        self.disturbance = Disturbances(self)
        self._tls = tls
        self._port = port
        self._closed = 1
        self._listener: asyncio.Server | None = None
        self._connections: dict[SubjectConnection, asyncio.Task[None] | None] = {}
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda *_: None)  # broken handshakes are the peers' matter
        self._thread = threading.Thread(target=self._loop.run_forever, name="disturbing-proxy")
        self._thread.start()

    def open(self) -> None:
        self._in_loop(self._open())

    def close(self) -> None:
        self._in_loop(self._close())

    def expire_watches(self) -> None:
        async def expire() -> None:
            for connection in self._connections:
                connection.expire_watch()

        self._in_loop(expire())

    def end(self) -> None:
        """Close for good."""
        self.disturbance.let_go()
        self._in_loop(self._close())
        self._in_loop(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        self._closed -= 1
        if self._closed == 0:
            self._listener = await asyncio.start_server(
                self._connected,
                LOOPBACK,
                self._port,
                ssl=self._tls,
                reuse_port=True,
                limit=HEAD_LIMIT,
            )

    async def _close(self) -> None:
        self._closed += 1
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for connection in self._connections:
            connection.cut()

    async def _finish(self) -> None:
        tasks = [task for task in self._connections.values() if task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = SubjectConnection(reader, writer, self.identities, self.disturbance)
        if self._closed:
            connection.cut()
            return
        self._connections[connection] = asyncio.current_task()
        try:
            await connection.serve()
        finally:
            del self._connections[connection]

    def _in_loop(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
