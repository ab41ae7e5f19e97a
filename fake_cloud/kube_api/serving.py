"""The embedded API on two loopback ports: one for our own clients, one for the subject."""

from __future__ import annotations

import asyncio
import secrets
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from fake_cloud.kube_api.authentication.user import OWNER, SUBJECT, User
from fake_cloud.kube_api.http import Reply, Request, Streaming
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.transport import Connection, Core, Door

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a port is, and the bearer token that opens this one alone."""

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server can be reached: by us, and by the subject."""

    own: Endpoint
    subject: Endpoint


class StraightCore:
    """Answers our own clients: nothing is held, refused or cut."""

    cut = False

    def __init__(self, api: KubeApi):
        self._api = api

    def hold_back(self, request: Request, go_on: Callable[[], None]) -> bool:  # noqa: ARG002
        return False

    def answer(self, request: Request) -> Reply | Streaming:
        return self._api.handle(request)


@contextmanager
def serve(api: KubeApi, tls: ssl.SSLContext) -> Iterator[Served]:
    """Listen until the context ends.

    `tls` has the server's certificate; client certificates that it verifies name users.
    """
    own, own_token = _door(api, StraightCore(api), OWNER)
    subject, subject_token = _door(api, api.disturbance, SUBJECT)
    with ExitStack() as stack:
        loop = stack.enter_context(_loop_in_thread())
        ports = [stack.enter_context(_listening(loop, door, tls)) for door in (own, subject)]
        stack.callback(api.disturbance.on_cut(lambda: _call(loop, subject.cut)))
        urls = [f"https://{HOST}:{port}" for port in ports]
        yield Served(Endpoint(urls[0], own_token), Endpoint(urls[1], subject_token))


def _door(api: KubeApi, core: Core, user: User) -> tuple[Door, str]:
    """With the token that makes its bearer the user."""
    token = secrets.token_urlsafe(32)
    return Door(core, partial(api.authenticate, static={token: user})), token


@contextmanager
def _loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="kube-api-transport", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        asyncio.run_coroutine_threadsafe(_end_handshakes(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end_handshakes() -> None:
    """Of connections that nobody has cut, because they are none yet."""
    pending = asyncio.all_tasks() - {asyncio.current_task()}
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)


@contextmanager
def _listening(loop: asyncio.AbstractEventLoop, door: Door, tls: ssl.SSLContext) -> Iterator[int]:
    """A free port of the system's choice."""

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: Connection(loop, door), HOST, 0, ssl=tls)

    async def stop() -> None:
        server.close()
        door.cut()
        await asyncio.sleep(0)  # lets the transports close their sockets

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result()


def _call(loop: asyncio.AbstractEventLoop, function: Callable[[], None]) -> None:
    """Run it on the loop, and wait until it is done."""
    done: Future[Any] = Future()

    def run() -> None:
        try:
            function()
        finally:
            done.set_result(None)

    loop.call_soon_threadsafe(run)
    done.result()
