from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.types.table import minors

LEASES = "/openapi/v3/apis/coordination.k8s.io/v1"


def ask(api: KubeApi, path: str, headers: dict[str, str] | None = None, **query: str) -> Reply:
    reply = api.handle(Request("GET", path, query, headers or {}))
    assert isinstance(reply, Reply)
    return reply


def known_hash(api: KubeApi) -> str:
    paths = msgspec.json.decode(ask(api, "/openapi/v3").body)["paths"]
    url: str = paths["apis/coordination.k8s.io/v1"]["serverRelativeURL"]
    path, _, value = url.partition("?hash=")
    assert path == LEASES
    return value


def test_a_document_under_its_hash_can_be_kept(api: KubeApi) -> None:
    wanted = known_hash(api)
    reply = ask(api, LEASES, hash=wanted)
    assert reply.status == 200
    assert reply.headers["ETag"] == f'"{wanted}"'
    assert reply.headers["Cache-Control"] == "public, immutable"
    assert reply.headers["Expires"].endswith("UTC")


def test_an_old_hash_leads_to_the_new_one(api: KubeApi) -> None:
    reply = ask(api, LEASES, hash="OLD")
    assert reply.status == 301
    assert reply.headers["Location"] == f"{LEASES}?hash={known_hash(api)}"


def test_a_document_that_is_known_is_not_sent_again(api: KubeApi) -> None:
    tag = ask(api, LEASES).headers["ETag"]
    assert ask(api, LEASES, {"if-none-match": tag}).status == 304


def test_unknown_documents_and_forms_are_refused(api: KubeApi) -> None:
    assert ask(api, "/openapi/v3/apis/nobody/v1").status == 404
    assert ask(api, LEASES, {"accept": "text/html"}).status == 406


@pytest.mark.parametrize("minor", minors())
def test_documents_tell_kubectl_what_it_looks_for(minor: str) -> None:
    api = KubeApi(minor)
    found: Any = msgspec.json.decode(ask(api, LEASES).body)
    api.close()
    one = "/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}"
    parameters = {parameter["name"] for parameter in found["paths"][one]["patch"]["parameters"]}
    assert {"dryRun", "fieldValidation", "fieldManager", "force"} <= parameters
    lease = found["components"]["schemas"]["io.k8s.api.coordination.v1.Lease"]
    assert lease["x-kubernetes-group-version-kind"][0]["kind"] == "Lease"
    assert lease["description"]
