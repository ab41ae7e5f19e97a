"""What a real server was found to say about writes when both were put to the same sequences."""

from __future__ import annotations

import json
from typing import Any

from conformance.contracts.kubernetes import LEASES, SERVICES, KubeClient
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.objects import config_map, node, service

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
JSON = "application/json"


def send(api: KubeApi, method: str, path: str, body: Any, media: str = JSON) -> Reply:
    headers = {"content-type": media}
    reply = api.handle(Request(method, path, {}, headers, json.dumps(body).encode()))
    assert isinstance(reply, Reply)
    return reply


def complaints(reply: Reply) -> list[str]:
    return [cause["field"] for cause in json.loads(reply.body)["details"]["causes"]]


def test_a_refused_write_says_its_warnings_too(api: KubeApi) -> None:
    body = {**config_map(), "unheardOf": 1}
    for status in (201, 409):
        reply = send(api, "POST", CONFIG_MAPS, body)
        assert reply.status == status
        assert reply.headers["Warning"] == '299 - "unknown field \\"unheardOf\\""'


def test_a_key_may_stand_in_one_part_of_a_config_map(api: KubeApi) -> None:
    body = {**config_map(), "data": {"k": "v"}, "binaryData": {"k": "AAE="}}
    assert complaints(send(api, "POST", CONFIG_MAPS, body)) == ["data[k]"]


def test_finalizers_of_leases_need_no_domain(kube: KubeClient) -> None:
    lease = {"metadata": {"name": "one", "finalizers": ["unqualified"]}}
    created = kube.create(LEASES, lease, "default")
    assert created["metadata"]["finalizers"] == ["unqualified"]


def test_a_json_patch_may_take_the_kind_away(api: KubeApi) -> None:
    send(api, "POST", CONFIG_MAPS, config_map())
    media = "application/json-patch+json"
    remove = [{"op": "remove", "path": "/kind"}]
    assert send(api, "PATCH", f"{CONFIG_MAPS}/one", remove, media).status == 200
    reply = send(
        api, "PATCH", f"{CONFIG_MAPS}/one", [{"op": "add", "path": "/kind", "value": []}], media
    )
    assert b"cannot unmarshal array into Go struct field .kind of type string" in reply.body


def test_complaints_about_an_update_come_in_the_order_of_kube_apiserver(api: KubeApi) -> None:
    send(api, "POST", "/api/v1/nodes", node())
    body = node()
    body["metadata"] |= {
        "deletionGracePeriodSeconds": 3,
        "finalizers": ["unqualified"],
        "labels": {"x": "-bad"},
    }
    assert complaints(send(api, "PUT", "/api/v1/nodes/one", body)) == [
        "metadata.labels",
        "metadata.deletionGracePeriodSeconds",
        "metadata.finalizers[0]",
    ]


def test_the_class_of_a_load_balancer_is_complained_about_once(
    api: KubeApi, kube: KubeClient
) -> None:
    created = kube.create(SERVICES, service(), "default")
    created["spec"] |= {"loadBalancerClass": "a/b", "sessionAffinity": "Other"}
    reply = send(api, "PUT", "/api/v1/namespaces/default/services/one", created)
    assert complaints(reply) == ["spec.loadBalancerClass", "spec.sessionAffinity"]


def test_a_put_of_the_status_makes_a_service_without_an_address(api: KubeApi) -> None:
    body = service()
    reply = send(api, "PUT", "/api/v1/namespaces/default/services/one/status", body)
    assert reply.status == 201
    assert "clusterIP" not in json.loads(reply.body)["spec"]
