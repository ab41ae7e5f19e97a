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
from pathlib import Path
from typing import Any

import yaml

from fake_cloud.kube_api.certificates import make_serving_credential, write_private
from fake_cloud.kube_api.http import Reply, Request, Streaming
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.transport import Connection, Door

HOST = "127.0.0.1"
NAME = "embedded"
"""The one context of the kubeconfigs."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server can be reached. The tokens in the two kubeconfigs differ."""

    kubeconfig: Path
    subject_kubeconfig: Path


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
def serve(api: KubeApi, folder: Path) -> Iterator[Served]:
    """Listen until the context ends; certificates and kubeconfigs (0600) go into `folder`."""
    credential = make_serving_credential(folder)
    own = Door(StraightCore(api), secrets.token_urlsafe(32))
    subject = Door(api.disturbance, secrets.token_urlsafe(32))
    with ExitStack() as stack:
        loop = stack.enter_context(_loop_in_thread())
        context = credential.context()
        ports = [stack.enter_context(_listening(loop, door, context)) for door in (own, subject)]
        stack.callback(api.disturbance.on_cut(lambda: _call(loop, subject.cut)))
        paths = (folder / "kubeconfig", folder / "subject.kubeconfig")
        for path, door, port in zip(paths, (own, subject), ports, strict=True):
            write_kubeconfig(path, f"https://{HOST}:{port}", credential.authority, door.token)
        yield Served(*paths)


@contextmanager
def _loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="kube-api-transport", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def _listening(
    loop: asyncio.AbstractEventLoop, door: Door, context: ssl.SSLContext
) -> Iterator[int]:
    """A free port of the system's choice."""

    async def start() -> asyncio.Server:
        return await loop.create_server(lambda: Connection(loop, door), HOST, 0, ssl=context)

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


def write_kubeconfig(path: Path, server: str, authority: Path, token: str) -> None:
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NAME,
        "clusters": [
            {"name": NAME, "cluster": {"server": server, "certificate-authority": str(authority)}}
        ],
        "users": [{"name": NAME, "user": {"token": token}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME}}],
    }
    write_private(path, yaml.safe_dump(content).encode())
