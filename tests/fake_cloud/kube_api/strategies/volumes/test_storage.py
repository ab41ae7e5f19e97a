from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import Invalid, KubeClient, Resource
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.kinds import CLASSES, Body, set_status

GROUP = "storage.k8s.io"
ATTACHMENTS = Resource(GROUP, "v1", "volumeattachments", "VolumeAttachment", namespaced=False)
NODE_DRIVERS = Resource(GROUP, "v1", "csinodes", "CSINode", namespaced=False)
DRIVERS = Resource(GROUP, "v1", "csidrivers", "CSIDriver", namespaced=False)


def attachment() -> Body:
    source = {"persistentVolumeName": "one"}
    spec = {"attacher": "csi.example.com", "nodeName": "one", "source": source}
    return {"metadata": {"name": "one"}, "spec": spec}


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.37", "Invalid value: null: field is immutable"),
        ("1.36", 'Invalid value: "b": field is immutable'),
        ("1.35", "Forbidden: updates to provisioner are forbidden."),
    ],
)
def test_each_minor_has_words_for_what_stays(version: str, words: str) -> None:
    api = KubeApi(version)
    try:
        api.client().create(CLASSES, {"metadata": {"name": "one"}, "provisioner": "a"})
        with pytest.raises(Invalid) as error:
            api.client().patch(CLASSES, "one", {"provisioner": "b"})
    finally:
        api.close()
    assert error.value.status["details"]["causes"][0]["message"] == words


def test_a_class_gets_its_defaults(kube: KubeClient) -> None:
    created = kube.create(CLASSES, {"metadata": {"name": "one"}, "provisioner": "a"})
    assert (created["reclaimPolicy"], created["volumeBindingMode"]) == ("Delete", "Immediate")


def test_an_attachment_is_attached_by_its_status_alone(kube: KubeClient) -> None:
    created = kube.create(ATTACHMENTS, {**attachment(), "status": {"attached": True}})
    assert created["status"] == {"attached": False}
    kube.patch(ATTACHMENTS, "one", {"status": {"attached": True}})
    assert kube.get(ATTACHMENTS, "one") == created
    assert set_status(kube, ATTACHMENTS, "one", attached=True)["status"] == {"attached": True}
    with pytest.raises(Invalid, match="spec: Invalid value"):
        kube.patch(ATTACHMENTS, "one", {"spec": {"nodeName": "two"}})


def test_the_status_of_an_attachment_keeps_metadata(kube: KubeClient) -> None:
    kube.create(ATTACHMENTS, attachment())
    patch = {"metadata": {"labels": {"a": "b"}}, "status": {"attached": True}}
    seen = kube.patch(ATTACHMENTS, "one", patch, subresource="status")
    assert "labels" not in seen["metadata"]


def test_the_room_of_a_driver_may_change_and_its_node_id_may_not(kube: KubeClient) -> None:
    def drivers(identity: str, count: int) -> Body:
        driver = {"name": "csi.example.com", "nodeID": identity, "allocatable": {"count": count}}
        return {"metadata": {"name": "one"}, "spec": {"drivers": [driver]}}

    kube.create(NODE_DRIVERS, drivers("a", 1))
    version = kube.get(NODE_DRIVERS, "one")["metadata"]["resourceVersion"]
    body = drivers("a", 2)
    body["metadata"]["resourceVersion"] = version
    assert kube.replace(NODE_DRIVERS, "one", body)["spec"] == body["spec"] | {
        "drivers": [body["spec"]["drivers"][0] | {"topologyKeys": None}]
    }
    with pytest.raises(Invalid, match='"NodeID":"b"'):
        kube.patch(NODE_DRIVERS, "one", drivers("b", 2))


def test_a_driver_of_the_cluster_gets_its_defaults(kube: KubeClient) -> None:
    spec = kube.create(DRIVERS, {"metadata": {"name": "csi.example.com"}, "spec": {}})["spec"]
    assert spec["attachRequired"] is True
    assert spec["volumeLifecycleModes"] == ["Persistent"]
    with pytest.raises(Invalid, match=r"spec\.attachedRequired"):
        kube.patch(DRIVERS, "csi.example.com", {"spec": {"attachRequired": False}})
