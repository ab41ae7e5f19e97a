"""What a node may read is what its pods use; topic L has the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.contracts.kubernetes import NODES, ApiError, KubeClient, NotFound, Resource
from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.objects import node

PODS = Resource("", "v1", "pods", "Pod", namespaced=True)
CLAIMS = Resource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", namespaced=True)
VOLUMES = Resource("", "v1", "persistentvolumes", "PersistentVolume", namespaced=False)
ATTACHMENTS = Resource("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", False)
MAIN = {"name": "main", "image": "example.com/main:1"}


@pytest.fixture
def kubelet(api: KubeApi, kube: KubeClient) -> KubeClient:
    kube.create(NODES, node("here"))
    kube.create(NODES, node("there"))
    return api.client(user=User("system:node:here", ("system:nodes",)))


def pod(kube: KubeClient, where: str, **spec: Any) -> None:
    body = {"metadata": {"generateName": "p-"}, "spec": {"containers": [MAIN], **spec}}
    body["spec"]["nodeName"] = where
    kube.create(PODS, body, "default")


def may_get(kube: KubeClient, plural: str, name: str, namespace: str | None = "default") -> bool:
    resource = Resource("", "v1", plural, "", namespaced=namespace is not None)
    try:
        kube.get(resource, name, namespace)
    except NotFound:
        return True
    except ApiError as error:
        return error.code != 403
    return True


SOURCES: list[tuple[str, Mapping[str, Any]]] = [
    ("secrets", {"volumes": [{"name": "v", "secret": {"secretName": "x"}}]}),
    ("secrets", {"imagePullSecrets": [{"name": "x"}]}),
    ("configmaps", {"volumes": [{"name": "v", "configMap": {"name": "x"}}]}),
    (
        "secrets",
        {"volumes": [{"name": "v", "projected": {"sources": [{"secret": {"name": "x"}}]}}]},
    ),
    ("configmaps", {"containers": [{**MAIN, "envFrom": [{"configMapRef": {"name": "x"}}]}]}),
    (
        "secrets",
        {
            "initContainers": [
                {
                    **MAIN,
                    "name": "init",
                    "env": [
                        {"name": "E", "valueFrom": {"secretKeyRef": {"name": "x", "key": "k"}}}
                    ],
                }
            ]
        },
    ),
]


@pytest.mark.parametrize(("plural", "spec"), SOURCES)
def test_what_a_pod_names_is_read_where_it_runs(
    kubelet: KubeClient, kube: KubeClient, plural: str, spec: Mapping[str, Any]
) -> None:
    pod(kube, "there", **spec)
    assert not may_get(kubelet, plural, "x")
    pod(kube, "here", **spec)
    assert may_get(kubelet, plural, "x")
    assert not may_get(kubelet, plural, "y")
    assert not may_get(kubelet, plural, "x", "kube-system")


def test_volumes_are_read_through_their_claims(kubelet: KubeClient, kube: KubeClient) -> None:
    source = {"persistentVolumeClaim": {"claimName": "data"}}
    pod(kube, "here", volumes=[{"name": "v", **source}])
    assert may_get(kubelet, "persistentvolumeclaims", "data")
    assert not may_get(kubelet, "persistentvolumes", "disk", None)
    reference = {"namespace": "default", "name": "data"}
    secret = {"namespace": "default", "name": "key"}
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "claimRef": reference,
        "csi": {"driver": "d", "volumeHandle": "h", "nodePublishSecretRef": secret},
    }
    kube.create(VOLUMES, {"metadata": {"name": "disk"}, "spec": spec})
    assert may_get(kubelet, "persistentvolumes", "disk", None)
    assert may_get(kubelet, "secrets", "key")


def test_attachments_are_read_by_their_node(kubelet: KubeClient, kube: KubeClient) -> None:
    for name, where in (("a", "here"), ("b", "there")):
        source = {"persistentVolumeName": "disk"}
        spec = {"attacher": "d", "nodeName": where, "source": source}
        kube.create(ATTACHMENTS, {"metadata": {"name": name}, "spec": spec})
    kubelet.get(ATTACHMENTS, "a")
    with pytest.raises(ApiError, match="no relationship found between node 'here'"):
        kubelet.get(ATTACHMENTS, "b")
