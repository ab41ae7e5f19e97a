from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def ask(api: KubeApi, path: str, accept: str = AGGREGATED, **headers: str) -> Reply:
    reply = api.handle(Request("GET", path, {}, {"accept": accept, **headers}))
    assert isinstance(reply, Reply)
    return reply


def resources(api: KubeApi, path: str, group: str = "") -> dict[str, Any]:
    items = msgspec.json.decode(ask(api, path).body)["items"]
    found = next(item for item in items if item["metadata"].get("name", "") == group)
    return {one["resource"]: one for one in found["versions"][0]["resources"]}


def test_the_core_group_stands_alone(api: KubeApi) -> None:
    nodes = resources(api, "/api")["nodes"]
    assert (nodes["scope"], nodes["singularResource"], nodes["shortNames"]) == (
        "Cluster",
        "node",
        ["no"],
    )
    below = {one["subresource"]: one for one in nodes["subresources"]}
    assert below["status"]["verbs"] == ["get", "patch", "update"]


def test_kinds_of_another_group_version_are_named_in_full(api: KubeApi) -> None:
    deployments = resources(api, "/apis", "apps")["deployments"]
    below = {one["subresource"]: one["responseKind"] for one in deployments["subresources"]}
    assert below["scale"] == {"group": "autoscaling", "version": "v1", "kind": "Scale"}
    assert below["status"] == {"group": "", "version": "", "kind": "Deployment"}


def test_a_document_that_is_known_is_not_sent_again(api: KubeApi) -> None:
    first = ask(api, "/apis")
    assert first.headers["Content-Type"] == AGGREGATED
    again = ask(api, "/apis", **{"if-none-match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (f"{AGGREGATED},application/json", "APIGroupDiscoveryList"),
        (f"application/json,{AGGREGATED}", "APIGroupList"),
        (f"{AGGREGATED.replace('v2', 'v9')},application/json", "APIGroupList"),
    ],
)
def test_the_first_form_that_can_be_had_is_sent(api: KubeApi, accept: str, kind: str) -> None:
    assert msgspec.json.decode(ask(api, "/apis", accept).body)["kind"] == kind


@pytest.mark.parametrize("accept", [AGGREGATED.replace("v2", "v9"), "text/html"])
def test_other_forms_are_not_acceptable(api: KubeApi, accept: str) -> None:
    assert ask(api, "/apis", accept).status == 406
