from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import NODES, KubeClient
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.kinds import PODS, pod, set_status


def log(api: KubeApi, **query: str) -> Reply:
    reply = api.handle(Request("GET", "/api/v1/namespaces/default/pods/one/log", query))
    assert isinstance(reply, Reply)
    return reply


def test_a_pod_without_a_node_has_said_nothing(api: KubeApi, kube: KubeClient) -> None:
    assert log(api).status == 404
    kube.create(PODS, pod(), "default")
    assert (log(api).status, log(api).body) == (204, b"")


def test_the_kubelet_of_a_node_does_not_answer(api: KubeApi, kube: KubeClient) -> None:
    kube.create(PODS, pod(nodeName="one"), "default")
    assert b'nodes \\"one\\" not found' in log(api).body
    kube.create(NODES, {"metadata": {"name": "one"}})
    assert b"no preferred addresses found" in log(api).body
    set_status(kube, NODES, "one", addresses=[{"type": "InternalIP", "address": "10.0.0.1"}])
    assert b"dial tcp 10.0.0.1:10250: connect: connection refused" in log(api).body


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, b"choose one of: [first second]"),
        ({"container": "third"}, b"container third is not valid for pod one"),
    ],
)
def test_one_container_must_be_chosen(
    api: KubeApi, kube: KubeClient, query: dict[str, str], words: bytes
) -> None:
    containers = [{"name": name, "image": "a"} for name in ("first", "second")]
    kube.create(PODS, pod(containers=containers), "default")
    reply = log(api, **query)
    assert reply.status == 400
    assert words in reply.body
