"""One POST a method on a loopback port: `{caller, arguments}` to `{result}` or `{error}`.

Only who has the token is answered; it travels in a header, so it is in no address and no log.
"""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from conformance.contracts.journal import Loop
from fake_cloud.cloud_interface.refusals import refusal

HOST = "127.0.0.1"


class Answers(Protocol):
    """What stands behind an endpoint."""

    def answer(self, method: str, caller: Loop, arguments: Mapping[str, Any]) -> Any:
        """The result as JSON; what it raises is told as an error."""
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where it can be reached; `connected` is set when a controller has introduced itself."""

    url: str
    token: str
    connected: threading.Event


@contextmanager
def serve(answers: Answers, token: str) -> Iterator[Endpoint]:
    """Answer until the context ends."""
    connected = threading.Event()
    server = _Server(answers, token, connected)
    thread = threading.Thread(target=server.serve_forever, name="cloud-interface", daemon=True)
    thread.start()
    try:
        yield Endpoint(f"http://{HOST}:{server.server_port}", token, connected)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a controller that is gone may have left a connection open

    def __init__(self, answers: Answers, token: str, connected: threading.Event) -> None:
        super().__init__((HOST, 0), _Handler)
        self.answers = answers
        self.token = f"Bearer {token}".encode()
        self.connected = connected

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke belongs to a controller that was killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one segment
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        given = self.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, self.server.token):
            self.close_connection = True  # what a stranger says is not read
            self._send(401, {})
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        method = self.path.removeprefix("/")
        self._send(200, self._answer(method, json.loads(body)))
        if method == "Cloud.Connect":
            self.server.connected.set()

    def _answer(self, method: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            caller = Loop(said["caller"])
            return {"result": self.server.answers.answer(method, caller, said["arguments"])}
        except Exception as error:  # noqa: BLE001 - every error is an answer, crashes included
            return {"error": refusal(error)}

    def _send(self, status: int, answer: Mapping[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The recorder's journal is the log."""
