from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from conformance.contracts.kubernetes import CONFIG_MAPS, NODES, SERVICES, KubeClient, Resource
from fake_cloud.kube_api.http import Reply, Request, Streaming
from fake_cloud.kube_api.representations.tables import ROWS, recorded_columns
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.objects import config_map, node, service

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
ROLES = Resource("rbac.authorization.k8s.io", "v1", "roles", "Role", namespaced=True)
DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment", namespaced=True)
MAPS = "/api/v1/namespaces/default/configmaps"


def ask(api: KubeApi, path: str, accept: str = TABLE, **query: str) -> Any:
    reply = api.handle(Request("GET", path, query, {"accept": accept}))
    assert isinstance(reply, Reply)
    return msgspec.json.decode(reply.body)


def watched(api: KubeApi, path: str, accept: str, **query: str) -> Iterator[Any]:
    asked = {"watch": "true", "allowWatchBookmarks": "true", **query}
    reply = api.handle(Request("GET", path, asked, {"accept": accept}))
    assert isinstance(reply, Streaming)
    while (line := reply.stream.next_line(timeout=5)) is not None:
        yield msgspec.json.decode(line)


INITIAL = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan"}


@pytest.fixture
def filled(api: KubeApi, kube: KubeClient) -> KubeApi:
    for name in ("one", "two"):
        kube.create(CONFIG_MAPS, config_map(name), namespace="default")
    return api


def test_a_list_becomes_rows(filled: KubeApi) -> None:
    table = ask(filled, MAPS, labelSelector="", limit="1")
    assert (table["kind"], table["apiVersion"]) == ("Table", "meta.k8s.io/v1")
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert [row["cells"][:2] for row in table["rows"]] == [["one", 1]]
    assert table["metadata"].keys() == {"resourceVersion", "continue", "remainingItemCount"}


@pytest.mark.parametrize(
    ("include", "kind"),
    [("", "PartialObjectMetadata"), ("Metadata", "PartialObjectMetadata"), ("Object", "ConfigMap")],
)
def test_rows_carry_their_object(filled: KubeApi, include: str, kind: str) -> None:
    for path in (MAPS, f"{MAPS}/one"):
        found = ask(filled, path, includeObject=include)["rows"][0]["object"]
        assert found["kind"] == kind
        assert found["metadata"]["name"] == "one"


def test_rows_need_not_carry_their_object(filled: KubeApi) -> None:
    assert ask(filled, MAPS, includeObject="None")["rows"][0]["object"] is None
    assert ask(filled, MAPS, includeObject="Half")["reason"] == "BadRequest"


def test_the_first_event_alone_has_column_definitions(filled: KubeApi) -> None:
    events = watched(filled, MAPS, TABLE, **INITIAL)
    seen = [next(events) for _ in range(3)]
    assert [event["type"] for event in seen] == ["ADDED", "ADDED", "BOOKMARK"]
    headed = [event["object"]["columnDefinitions"] is not None for event in seen]
    assert headed == [True, False, False]
    assert seen[2]["object"]["rows"][0]["cells"] == ["", 0, "<unknown>"]


def test_two_watches_of_one_collection_have_their_own_form(filled: KubeApi) -> None:
    plain = watched(filled, MAPS, "application/json", **INITIAL)
    partial = watched(
        filled, MAPS, "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", **INITIAL
    )
    assert "data" in next(plain)["object"]
    assert next(partial)["object"].keys() == {"kind", "apiVersion", "metadata"}


def test_other_resources_show_name_and_creation(api: KubeApi, kube: KubeClient) -> None:
    role = {"metadata": {"name": "one"}, "rules": []}
    kube.create(ROLES, role, namespace="default")
    table = ask(api, "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles")
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Created At"]
    assert table["rows"][0]["cells"][1].endswith("Z")


def test_a_status_stays_a_status(api: KubeApi) -> None:
    assert ask(api, f"{MAPS}/nobody")["kind"] == "Status"


NO_COLUMN = {"ipaddresses.networking.k8s.io": 1}
"""kube-apiserver prints an age of addresses, but defines no column for it."""


def test_every_row_has_a_cell_for_each_column() -> None:
    bare = {"metadata": {"name": "bare"}}
    for name, row in ROWS.items():
        more = NO_COLUMN.get(name, 0)
        assert len(row(bare)) == len(recorded_columns()[name]) + more, name


def test_a_node_without_a_condition_is_unknown(api: KubeApi, kube: KubeClient) -> None:
    kube.create(NODES, node(unschedulable=True))
    assert ask(api, "/api/v1/nodes")["rows"][0]["cells"][:3] == [
        "one",
        "Unknown,SchedulingDisabled",
        "<none>",
    ]


def test_a_load_balancer_waits_for_its_address(api: KubeApi, kube: KubeClient) -> None:
    kube.create(SERVICES, service(type="LoadBalancer"), namespace="default")
    cells = ask(api, "/api/v1/namespaces/default/services/one")["rows"][0]["cells"]
    assert cells[3] == "<pending>"


@pytest.mark.parametrize(("minor", "columns"), [("1.36", 2), ("1.37", 8)])
def test_columns_are_those_of_the_minor(minor: str, columns: int) -> None:
    older = KubeApi(minor)
    table = ask(older, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
    older.close()
    assert len(table["columnDefinitions"]) == columns


def test_the_scale_of_a_deployment_has_no_columns_of_its_own(
    api: KubeApi, kube: KubeClient
) -> None:
    template = {
        "metadata": {"labels": {"a": "b"}},
        "spec": {"containers": [{"name": "a", "image": "example.com/a"}]},
    }
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": template}
    body = {"metadata": {"name": "one"}, "spec": spec}
    kube.create(DEPLOYMENTS, body, namespace="default")
    table = ask(api, "/apis/apps/v1/namespaces/default/deployments/one/scale")
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Created At"]
