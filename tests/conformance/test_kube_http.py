"""The HTTP client: what it asks for, how it names refusals, and how a watch ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.contracts.kubernetes import (
    LEASES,
    NODES,
    SERVICES,
    ApiError,
    ApiUnreachable,
    Expired,
    NotFound,
    PatchType,
)
from conformance.errors import ClusterUnreachable
from conformance.kube_http import HttpKubeClient

Answer = Callable[[BaseHTTPRequestHandler], None]


class CannedServer:
    """Answers every request by `answer` and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = lambda handler: json_answer(handler, 200, {"kind": "Node"})
        self.requests: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.requests.append((self.command, self.path, json.loads(text or "null")))
                server.headers.append(dict(self.headers))
                server.answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                return

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True


def json_answer(handler: BaseHTTPRequestHandler, code: int, body: object) -> None:
    text_answer(handler, code, json.dumps(body))


def text_answer(handler: BaseHTTPRequestHandler, code: int, text: str) -> None:
    handler.send_response(code)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text.encode())


def begin_stream(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()


def send_chunk(handler: BaseHTTPRequestHandler, text: str) -> None:
    handler.wfile.write(f"{len(text):x}\r\n{text}\r\n".encode())
    handler.wfile.flush()


def event(type_: str, **body: object) -> str:
    return json.dumps({"type": type_, "object": body}) + "\n"


@pytest.fixture
def server() -> Iterator[CannedServer]:
    canned = CannedServer()
    thread = threading.Thread(target=canned.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield canned
    canned.http.shutdown()
    thread.join()
    canned.http.server_close()


def kubeconfig(folder: Path, port: int) -> Path:
    path = folder / "kubeconfig"
    server = f"http://127.0.0.1:{port}"
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "main",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {"token": "the-token"}}],
        "contexts": [{"name": "main", "context": {"cluster": "c", "user": "u"}}],
    }
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.fixture
def kube(server: CannedServer, tmp_path: Path) -> Iterator[HttpKubeClient]:
    client = HttpKubeClient(kubeconfig(tmp_path, server.http.server_port))
    yield client
    client.close()


def test_verbs_become_the_requests_of_the_api(server: CannedServer, kube: HttpKubeClient) -> None:
    kube.get(NODES, "a")
    kube.list(SERVICES, label_selector="a=b", limit=1)
    kube.list(SERVICES, "default")
    kube.create(LEASES, {"kind": "Lease"}, "kube-system")
    kube.replace(NODES, "a", {"kind": "Node"}, subresource="status")
    kube.patch(NODES, "a", [{"op": "remove", "path": "/x"}], patch_type=PatchType.JSON)
    kube.delete(NODES, "a", options={"gracePeriodSeconds": 0})
    kube.version()

    leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
    options = {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0}
    assert server.requests == [
        ("GET", "/api/v1/nodes/a", None),
        ("GET", "/api/v1/services?labelSelector=a%3Db&limit=1", None),
        ("GET", "/api/v1/namespaces/default/services", None),
        ("POST", leases, {"kind": "Lease"}),
        ("PUT", "/api/v1/nodes/a/status", {"kind": "Node"}),
        ("PATCH", "/api/v1/nodes/a", [{"op": "remove", "path": "/x"}]),
        ("DELETE", "/api/v1/nodes/a", options),
        ("GET", "/version", None),
    ]
    assert server.headers[5]["Content-Type"] == "application/json-patch+json"
    assert {headers["authorization"] for headers in server.headers} == {"Bearer the-token"}


def test_a_refusal_is_raised_as_the_class_of_its_code(
    server: CannedServer, kube: HttpKubeClient
) -> None:
    status = {"kind": "Status", "code": 404, "reason": "NotFound", "message": 'nodes "a" not found'}
    server.answer = lambda handler: json_answer(handler, 404, status)

    with pytest.raises(NotFound, match='404 NotFound: nodes "a" not found') as refusal:
        kube.get(NODES, "a")
    assert refusal.value.status == status


def test_a_refusal_without_a_status_is_made_up_from_the_status_line(
    server: CannedServer, kube: HttpKubeClient
) -> None:
    server.answer = lambda handler: text_answer(handler, 503, "not today\n")

    with pytest.raises(ApiError, match="503 Service Unavailable: not today"):
        kube.list(NODES)


def test_what_is_no_json_object_is_no_answer(server: CannedServer, kube: HttpKubeClient) -> None:
    for text in ("<html>", "[1]"):
        server.answer = partial(text_answer, code=200, text=text)
        with pytest.raises(ApiUnreachable, match="no JSON"):
            kube.list(NODES)


def test_nobody_there_is_unreachable(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as gone:
        port = gone.server_port

    with pytest.raises(ApiUnreachable, match=rf"GET http://127.0.0.1:{port}/version"):
        HttpKubeClient(kubeconfig(tmp_path, port)).version()


def test_a_watch_yields_events_and_ends_with_the_stream(
    server: CannedServer, kube: HttpKubeClient
) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin_stream(handler)
        both = event("ADDED", kind="Node") + event("DELETED", kind="Node")
        send_chunk(handler, both[:30])
        send_chunk(handler, both[30:])
        send_chunk(handler, "")

    server.answer = answer
    with kube.watch(NODES, resource_version="5", send_initial_events=True) as watch:
        assert [found.type for found in watch] == ["ADDED", "DELETED"]

    assert server.requests[0][1] == (
        "/api/v1/nodes?watch=true&allowWatchBookmarks=true&resourceVersion=5"
        "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
    )


def test_an_error_event_is_raised(server: CannedServer, kube: HttpKubeClient) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin_stream(handler)
        send_chunk(handler, event("ERROR", kind="Status", code=410, reason="Expired"))

    server.answer = answer
    with kube.watch(NODES) as watch, pytest.raises(Expired):
        list(watch)


def test_a_watch_that_breaks_off_says_so(server: CannedServer, kube: HttpKubeClient) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin_stream(handler)
        handler.wfile.write(b"fff\r\n{")
        handler.close_connection = True

    server.answer = answer
    with kube.watch(NODES) as watch, pytest.raises(ApiUnreachable, match="watch broke off"):
        list(watch)


def test_a_refused_watch_raises_when_it_is_opened(
    server: CannedServer, kube: HttpKubeClient
) -> None:
    status = {"kind": "Status", "code": 410, "reason": "Expired"}
    server.answer = lambda handler: json_answer(handler, 410, status)

    with pytest.raises(Expired):
        kube.watch(NODES, resource_version="1")


def test_a_watch_is_closed_from_another_thread(server: CannedServer, kube: HttpKubeClient) -> None:
    release = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        begin_stream(handler)
        send_chunk(handler, event("ADDED", kind="Node"))
        release.wait(60)
        handler.close_connection = True

    server.answer = answer
    watch = kube.watch(NODES)
    events = iter(watch)
    next(events)
    reader = threading.Thread(target=list, args=(events,))
    reader.start()
    watch.close()
    reader.join(30)
    release.set()

    assert not reader.is_alive()


@pytest.mark.parametrize("text", ["", "{", "a: b", "clusters: 5", "[]", "current-context: x"])
def test_an_unusable_kubeconfig_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken"
    path.write_text(text)

    with pytest.raises(ClusterUnreachable, match=r"kubeconfig .*broken, current context: .*--kube"):
        HttpKubeClient(path)


def test_a_missing_kubeconfig_or_context_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClusterUnreachable, match="nowhere"):
        HttpKubeClient(tmp_path / "nowhere")
    with pytest.raises(ClusterUnreachable, match="context 'other'"):
        HttpKubeClient(kubeconfig(tmp_path, 1), "other")
