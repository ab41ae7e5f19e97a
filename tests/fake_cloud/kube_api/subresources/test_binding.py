from __future__ import annotations

import json

import pytest

from conformance.contracts.kubernetes import KubeClient
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.kinds import PODS, pod

PATHS = ("pods/one/binding", "bindings")


def bind(api: KubeApi, path: str = PATHS[0], **target: str) -> Reply:
    target = {"kind": "Node", "name": "node", **target}
    body = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "one"}, "target": target}
    headers = {"content-type": "application/json"}
    path = f"/api/v1/namespaces/default/{path}"
    reply = api.handle(Request("POST", path, {}, headers, json.dumps(body).encode()))
    assert isinstance(reply, Reply)
    return reply


@pytest.mark.parametrize("path", PATHS)
def test_a_bound_pod_has_its_node_and_says_so(api: KubeApi, kube: KubeClient, path: str) -> None:
    kube.create(PODS, pod(), "default")
    assert bind(api, path).status == 201
    bound = kube.get(PODS, "one", "default")
    assert bound["spec"]["nodeName"] == "node"
    assert bound["status"]["conditions"][0]["type"] == "PodScheduled"
    assert bound["metadata"]["generation"] == 1


def test_a_pod_is_bound_once(api: KubeApi, kube: KubeClient) -> None:
    kube.create(PODS, pod(), "default")
    bind(api)
    reply = bind(api)
    assert reply.status == 409
    assert b'pod one is already assigned to node \\"node\\"' in reply.body


def test_a_gated_pod_is_not_bound(api: KubeApi, kube: KubeClient) -> None:
    kube.create(PODS, pod(schedulingGates=[{"name": "example.com/gate"}]), "default")
    reply = bind(api)
    assert reply.status == 409
    assert b"has non-empty .spec.schedulingGates" in reply.body


def test_pods_are_bound_to_nodes_alone(api: KubeApi, kube: KubeClient) -> None:
    kube.create(PODS, pod(), "default")
    assert bind(api, kind="Pod").status == 500
