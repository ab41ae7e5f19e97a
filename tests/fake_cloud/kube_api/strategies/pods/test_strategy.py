from __future__ import annotations

from itertools import islice

import pytest

from conformance.contracts.kubernetes import NODES, ApiError, Invalid, KubeClient, NotFound
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.kinds import PODS, pod, set_status


def test_a_new_pod_tolerates_lost_nodes_and_has_a_priority(kube: KubeClient) -> None:
    spec = kube.create(PODS, pod(), "default")["spec"]
    assert [toleration["key"] for toleration in spec["tolerations"]] == [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ]
    assert (spec["priority"], spec["preemptionPolicy"]) == (0, "PreemptLowerPriority")


def test_a_pod_that_tolerates_everything_gets_no_more(kube: KubeClient) -> None:
    created = kube.create(PODS, pod(tolerations=[{"operator": "Exists"}]), "default")
    assert created["spec"]["tolerations"] == [{"operator": "Exists"}]


def test_a_priority_comes_from_its_class(kube: KubeClient) -> None:
    created = kube.create(PODS, pod(priorityClassName="system-node-critical"), "default")
    assert created["spec"]["priority"] == 2000001000
    with pytest.raises(ApiError, match="no PriorityClass with name missing was found"):
        kube.create(PODS, pod("two", priorityClassName="missing"), "default")


def test_a_created_pod_starts_pending_whatever_it_says(kube: KubeClient) -> None:
    created = kube.create(PODS, {**pod(), "status": {"phase": "Running"}}, "default")
    assert created["status"] == {"phase": "Pending", "qosClass": "BestEffort"}


def test_all_that_is_wrong_with_a_pod_is_told(kube: KubeClient) -> None:
    wrong = pod(restartPolicy="Perhaps", containers=[{"name": "A"}])
    with pytest.raises(Invalid) as error:
        kube.create(PODS, wrong, "default")
    fields = [cause["field"] for cause in error.value.status["details"]["causes"]]
    assert fields == ["spec.containers[0].name", "spec.containers[0].image", "spec.restartPolicy"]


def test_the_image_may_change_and_the_node_may_not(kube: KubeClient) -> None:
    kube.create(PODS, pod(), "default")
    image = {"containers": [{"name": "main", "image": "example.com/main:2"}]}
    changed = kube.patch(PODS, "one", {"spec": image}, "default")
    assert changed["metadata"]["generation"] == 2
    with pytest.raises(Invalid, match="pod updates may not change fields other than"):
        kube.patch(PODS, "one", {"spec": {"nodeName": "other"}}, "default")


def test_status_keeps_the_owners_and_the_spec(kube: KubeClient) -> None:
    kube.create(PODS, pod(), "default")
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "uid": "b"}
    patch = {
        "metadata": {"ownerReferences": [owner], "labels": {"a": "b"}},
        "spec": {"nodeName": "other"},
        "status": {"phase": "Running", "podIP": "10.0.0.1"},
    }
    seen = kube.patch(PODS, "one", patch, "default", subresource="status")
    assert "ownerReferences" not in seen["metadata"]
    assert "nodeName" not in seen["spec"]
    assert seen["metadata"]["labels"] == {"a": "b"}
    assert seen["status"]["podIPs"] == [{"ip": "10.0.0.1"}]


def test_a_placed_pod_gets_the_zone_of_its_node() -> None:
    for version, copied in (("1.37", {"topology.kubernetes.io/zone": "a"}), ("1.34", {})):
        api = KubeApi(version)
        labels = {"topology.kubernetes.io/zone": "a", "other": "b"}
        api.client().create(NODES, {"metadata": {"name": "one", "labels": labels}})
        placed = api.client().create(PODS, pod(nodeName="one"), "default")
        assert placed["metadata"].get("labels", {}) == copied
        api.close()


def test_a_placed_pod_is_deleted_gracefully(kube: KubeClient) -> None:
    kube.create(PODS, pod(nodeName="one", terminationGracePeriodSeconds=7), "default")
    with kube.watch(PODS, "default") as events:
        marked = kube.delete(PODS, "one", "default")
        assert marked["metadata"]["deletionGracePeriodSeconds"] == 7
        kube.delete(PODS, "one", "default", options={"gracePeriodSeconds": 60})
        assert kube.get(PODS, "one", "default") == marked
        kube.delete(PODS, "one", "default", options={"gracePeriodSeconds": 0})
        kinds = (event.type for event in events if event.type != "BOOKMARK")
        seen = list(islice(kinds, 4))
    assert seen == ["ADDED", "MODIFIED", "MODIFIED", "DELETED"]


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_pod_that_has_ended_goes_at_once(kube: KubeClient, phase: str) -> None:
    kube.create(PODS, pod(nodeName="one"), "default")
    set_status(kube, PODS, "one", "default", phase=phase)
    kube.delete(PODS, "one", "default")
    with pytest.raises(NotFound):
        kube.get(PODS, "one", "default")


def test_a_finalizer_outlives_the_grace(kube: KubeClient) -> None:
    body = pod()
    body["metadata"]["finalizers"] = ["example.com/stay"]
    kube.create(PODS, body, "default")
    kube.delete(PODS, "one", "default")
    seen = kube.get(PODS, "one", "default")["metadata"]
    assert seen["deletionGracePeriodSeconds"] == 0
    kube.patch(PODS, "one", {"metadata": {"finalizers": None}}, "default")
    with pytest.raises(NotFound):
        kube.get(PODS, "one", "default")


def test_resize_changes_resources_alone(kube: KubeClient) -> None:
    container = {"name": "main", "image": "a", "resources": {"requests": {"cpu": "100m"}}}
    kube.create(PODS, pod(containers=[container]), "default")
    wanted = {**container, "image": "other", "resources": {"requests": {"cpu": "200m"}}}
    patch = {"spec": {"containers": [wanted]}}
    seen = kube.patch(PODS, "one", patch, "default", subresource="resize")["spec"]["containers"][0]
    assert (seen["image"], seen["resources"]["requests"]) == ("a", {"cpu": "200m"})


@pytest.mark.parametrize("subresource", ["", "status", "resize", "ephemeralcontainers"])
def test_a_pod_without_its_spec_is_refused(kube: KubeClient, subresource: str) -> None:
    kube.create(PODS, pod(), "default")
    body = {"metadata": {"name": "one"}}
    if subresource in ("", "resize"):
        with pytest.raises(Invalid):
            kube.replace(PODS, "one", body, "default", subresource=subresource)
    else:
        seen = kube.replace(PODS, "one", body, "default", subresource=subresource)
        assert seen["spec"]["containers"]
