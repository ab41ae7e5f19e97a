from __future__ import annotations

import json
from typing import Any

import pytest

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi


def ask(api: KubeApi, path: str, **query: str) -> Reply:
    reply = api.handle(Request("GET", path, query))
    assert isinstance(reply, Reply)
    return reply


def document(api: KubeApi, path: str) -> Any:
    reply = ask(api, path)
    assert reply.status == 200
    return json.loads(reply.body)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/livez", "/healthz/ping"])
def test_the_server_is_healthy(api: KubeApi, path: str) -> None:
    assert ask(api, path).body == b"ok"


def test_the_version_says_that_it_is_embedded(api: KubeApi) -> None:
    found = document(api, "/version")
    assert (found["minor"], found["gitVersion"]) == ("37", api.version)
    assert api.version.endswith("+embedded")


def test_core_resources_and_their_subresources_are_listed(api: KubeApi) -> None:
    found = {entry["name"]: entry for entry in document(api, "/api/v1")["resources"]}
    assert found["nodes"]["shortNames"] == ["no"]
    assert not found["nodes"]["namespaced"]
    assert found["services/status"]["verbs"] == ["get", "patch", "update"]


def test_groups_are_listed_and_can_be_asked_one_by_one(api: KubeApi) -> None:
    names = [group["name"] for group in document(api, "/apis")["groups"]]
    assert "coordination.k8s.io" in names
    group = document(api, "/apis/coordination.k8s.io/")
    assert group["preferredVersion"]["groupVersion"] == "coordination.k8s.io/v1"
    resources = document(api, "/apis/coordination.k8s.io/v1")["resources"]
    assert [entry["kind"] for entry in resources] == ["Lease"]


@pytest.mark.parametrize("path", ["/apis/nobody", "/apis/apps/v9", "/nonsense", "/readyz/nobody"])
def test_unknown_paths_are_not_found(api: KubeApi, path: str) -> None:
    assert ask(api, path).status == 404
