"""The transport: real sockets, one server a test."""

from __future__ import annotations

import gc
import gzip
import http.client
import json
import socket
import ssl
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from conformance.clusters.embedded import ServedKubeconfigs, serve_embedded
from conformance.contracts.kubernetes import NODES, ApiError, KubeClient
from conformance.kube_http import HttpKubeClient
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.transport import AHEAD, HEADER_LIMIT, _head
from tests.fake_cloud.kube_api.objects import node


class Caller:
    """A plain HTTP client with what a kubeconfig says."""

    def __init__(self, kubeconfig: Path):
        config = yaml.safe_load(kubeconfig.read_text())
        cluster = config["clusters"][0]["cluster"]
        self.token = config["users"][0]["user"]["token"]
        url = urlsplit(cluster["server"])
        context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        self.connection = http.client.HTTPSConnection(
            str(url.hostname), url.port, context=context, timeout=10
        )

    def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> http.client.HTTPResponse:
        given = {"Authorization": f"Bearer {self.token}", **headers}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request(method, path, data, given)
        return self.connection.getresponse()

    def json(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return json.loads(self.call(method, path, body, **headers).read())


@pytest.fixture
def served(api: KubeApi, tmp_path: Path) -> Iterator[ServedKubeconfigs]:
    with serve_embedded(api, tmp_path) as served:
        yield served


@pytest.fixture
def own(served: ServedKubeconfigs) -> Caller:
    return Caller(served.kubeconfig)


@pytest.fixture
def subject(served: ServedKubeconfigs) -> Caller:
    return Caller(served.subject_kubeconfig)


def test_only_the_owner_reads_tokens_and_keys(served: ServedKubeconfigs) -> None:
    secrets = [
        served.kubeconfig,
        served.subject_kubeconfig,
        *served.kubeconfig.parent.glob("*.key"),
    ]
    assert [stat.S_IMODE(path.stat().st_mode) for path in secrets] == [0o600] * 3


def test_requests_on_one_connection_are_answered(own: Caller) -> None:
    for name in ("one", "two"):
        created = own.json("POST", "/api/v1/nodes", node(name))
        assert created["metadata"]["name"] == name
    listing = own.json("GET", "/api/v1/nodes?labelSelector=!absent")
    assert len(listing["items"]) == 2


def test_a_request_without_the_token_is_unauthorized(own: Caller) -> None:
    answer = own.call("GET", "/api/v1/nodes", Authorization="Bearer wrong")
    assert answer.status == 401
    assert json.loads(answer.read())["reason"] == "Unauthorized"


def test_a_request_without_credentials_is_nobody_s(own: Caller) -> None:
    answer = own.json("GET", "/api/v1/nodes", Authorization="")
    assert (answer["code"], answer["message"]) == (
        403,
        'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" '
        "at the cluster scope",
    )
    assert own.call("GET", "/healthz", Authorization="").read() == b"ok"


WHO = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def test_a_client_certificate_names_its_user(served: ServedKubeconfigs) -> None:
    path = served.kubeconfig_for("jane", ["developers"])
    with closing(HttpKubeClient(path)) as jane:
        with pytest.raises(ApiError, match='User "jane" cannot list resource "nodes"'):
            jane.list(NODES)
    with closing(HttpKubeClient(served.kubeconfig_for("root", ["system:masters"]))) as root:
        assert root.list(NODES)["items"] == []


def test_a_group_that_is_impersonated_twice_is_two_groups(own: Caller) -> None:
    own.connection.putrequest("POST", REVIEWS)
    for name, value in (
        ("Authorization", f"Bearer {own.token}"),
        ("Impersonate-User", "jane"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
        ("Content-Length", str(len(json.dumps(WHO)))),
    ):
        own.connection.putheader(name, value)
    own.connection.endheaders(json.dumps(WHO).encode())
    review = json.loads(own.connection.getresponse().read())
    assert review["status"]["userInfo"] == {
        "username": "jane",
        "groups": ["a", "b", "system:authenticated"],
    }


def test_the_tokens_do_not_open_each_other_s_door(own: Caller, subject: Caller) -> None:
    assert own.token != subject.token
    own.token = subject.token
    assert own.call("GET", "/version").status == 401


def test_a_body_over_the_limit_is_refused(own: Caller) -> None:
    try:
        answer = own.call("POST", "/api/v1/nodes", b" " * (3 * 1024 * 1024 + 1))
    except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
        return  # refused before it was sent to its end
    assert answer.status == 413


def test_a_watch_streams_events_and_ends_after_its_timeout(own: Caller, kube: KubeClient) -> None:
    answer = own.call("GET", "/api/v1/nodes?watch=true&timeoutSeconds=1")
    kube.create(NODES, node())
    assert json.loads(answer.readline())["object"]["metadata"]["name"] == "one"
    assert answer.read() == b""
    assert own.json("GET", "/api/v1/nodes")["kind"] == "NodeList"


def test_a_watch_of_the_subject_can_be_expired(
    api: KubeApi, kube: KubeClient, subject: Caller
) -> None:
    kube.create(NODES, node())
    answer = subject.call("GET", "/api/v1/nodes?watch=true")
    assert json.loads(answer.readline())["type"] == "ADDED"
    api.disturbance.expire_watches()
    assert json.loads(answer.readline())["object"]["code"] == 410
    assert answer.read() == b""


def test_an_outage_breaks_connections_of_the_subject(
    api: KubeApi, own: Caller, subject: Caller
) -> None:
    subject.call("GET", "/version").read()
    with api.disturbance.outage():
        with pytest.raises((ConnectionError, http.client.HTTPException, OSError)):
            subject.call("GET", "/version")
        assert own.call("GET", "/version").status == 200


def test_a_held_request_does_not_stop_the_server(
    api: KubeApi, served: ServedKubeconfigs, own: Caller, subject: Caller
) -> None:
    with api.disturbance.hold(verb="create") as hold:
        subject.connection.request(
            "POST",
            "/api/v1/nodes",
            json.dumps(node()).encode(),
            {"Authorization": f"Bearer {subject.token}"},
        )
        assert hold.wait_held(5)
        other = Caller(served.subject_kubeconfig)
        assert other.json("GET", "/api/v1/nodes")["items"] == []
        hold.release()
        assert subject.connection.getresponse().status == 201
    assert len(own.json("GET", "/api/v1/nodes")["items"]) == 1


def test_what_is_no_http_is_answered_and_closed(served: ServedKubeconfigs) -> None:
    caller = Caller(served.kubeconfig)
    caller.connection.connect()
    socket = caller.connection.sock
    socket.sendall(b"nonsense\r\n\r\n")
    assert socket.recv(1024).startswith(b"HTTP/1.1 400")


def test_a_path_that_is_not_served_is_a_404(own: Caller) -> None:
    answer = own.json("GET", "/api/v1/things")
    assert (answer["code"], answer["reason"]) == (404, "NotFound")
    assert own.call("GET", "/apis/nobody.example.com/v1/things").status == 404


def test_documents_say_themselves_how_long_they_may_be_kept(own: Caller) -> None:
    accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    for path, headers, kept in (
        ("/api", {"Accept": accept}, ["public"]),
        ("/api", {}, ["no-cache, private"]),
        ("/openapi/v3/version", {}, ["no-cache, private"]),
    ):
        response = own.call("GET", path, **headers)
        response.read()
        assert response.headers.get_all("Cache-Control") == kept


def test_a_large_list_is_compressed(own: Caller) -> None:
    body = {"metadata": {"name": "large"}, "data": {"key": "x" * 200_000}}
    own.json("POST", "/api/v1/namespaces/default/configmaps", body)
    path = "/api/v1/namespaces/default/configmaps/large"
    response = own.call("GET", path, **{"Accept-Encoding": "gzip"})
    assert response.getheader("Content-Encoding") == "gzip"
    assert json.loads(gzip.decompress(response.read()))["data"] == body["data"]


def test_a_document_that_is_known_has_no_body(own: Caller) -> None:
    first = own.call("GET", "/openapi/v3/version")
    first.read()
    again = own.call("GET", "/openapi/v3/version", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.read()) == (304, b"")
    assert own.json("GET", "/version")["major"] == "1"


def test_nobody_waits_for_an_answer_that_cannot_be_made(
    api: KubeApi, own: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "handle", lambda _: int("a mistake of ours"))
    assert own.json("GET", "/api/v1/nodes")["code"] == 500
    monkeypatch.undo()
    assert own.json("GET", "/api/v1/nodes")["items"] == []


def test_an_address_has_a_limit(own: Caller) -> None:
    assert own.call("GET", "/api?a=" + "x" * HEADER_LIMIT).status == 431


def test_requests_that_are_sent_ahead_are_all_answered(served: ServedKubeconfigs) -> None:
    caller = Caller(served.kubeconfig)
    caller.connection.connect()
    request = f"GET /healthz HTTP/1.1\r\nAuthorization: Bearer {caller.token}\r\n\r\n".encode()
    many = 10 * AHEAD
    caller.connection.sock.sendall(request * many)
    answered = b""
    while answered.count(b"HTTP/1.1 200") < many:
        more = caller.connection.sock.recv(65536)
        assert more, f"closed after {answered.count(b'HTTP/1.1 200')} of {many} answers"
        answered += more


def test_a_header_cannot_begin_another_one() -> None:
    head = _head(200, {"Warning": "a\r\nSet-Cookie: b"}, close=False)
    assert b"\r\nSet-Cookie" not in head


def test_who_never_shakes_hands_leaves_nothing(
    api: KubeApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serve_embedded(api, tmp_path) as served:
        connection = Caller(served.kubeconfig).connection
        silent = [socket.create_connection((connection.host, connection.port)) for _ in range(3)]
        assert Caller(served.kubeconfig).call("GET", "/healthz").status == 200
    for one in silent:
        one.settimeout(10)
        with one, suppress(ConnectionResetError):
            assert one.recv(1) == b""
    gc.collect()
    assert not caplog.records
