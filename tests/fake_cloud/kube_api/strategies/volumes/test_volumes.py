from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import Invalid, KubeClient
from tests.fake_cloud.kube_api.kinds import VOLUMES, Body, set_status, volume


def test_a_volume_is_protected_retained_and_pending(kube: KubeClient) -> None:
    created = kube.create(VOLUMES, {**volume(), "status": {"phase": "Bound"}})
    assert created["metadata"]["finalizers"] == ["kubernetes.io/pv-protection"]
    assert created["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    assert created["status"]["phase"] == "Pending"
    assert created["status"]["lastPhaseTransitionTime"]


def test_a_given_time_of_the_last_phase_is_kept(kube: KubeClient) -> None:
    kube.create(VOLUMES, volume())
    then = "2020-01-01T00:00:00Z"
    status = set_status(kube, VOLUMES, "one", phase="Bound", lastPhaseTransitionTime=then)["status"]
    assert status["lastPhaseTransitionTime"] == then
    same = set_status(kube, VOLUMES, "one", message="still")["status"]
    assert same["lastPhaseTransitionTime"] == then
    later = set_status(kube, VOLUMES, "one", phase="Released")["status"]
    assert later["lastPhaseTransitionTime"] != then


def test_the_source_stays_and_what_changed_is_shown_as_go_would(kube: KubeClient) -> None:
    kube.create(VOLUMES, volume())
    with pytest.raises(Invalid, match="is immutable after creation") as error:
        kube.patch(VOLUMES, "one", {"spec": {"csi": {"volumeHandle": "two"}}})
    assert '-  "VolumeHandle": "one",\n+  "VolumeHandle": "two",\n' in error.value.message


def test_all_but_the_source_may_change(kube: KubeClient) -> None:
    kube.create(VOLUMES, volume())
    wanted = {"persistentVolumeReclaimPolicy": "Delete", "storageClassName": "a"}
    seen = kube.patch(VOLUMES, "one", {"spec": wanted})["spec"]
    assert seen.items() >= wanted.items()


def test_old_zones_of_a_volume_may_become_new_ones(kube: KubeClient) -> None:
    def affinity(key: str, zone: str) -> dict[str, object]:
        expression = {"key": key, "operator": "In", "values": [zone]}
        terms = [{"matchExpressions": [expression]}]
        return {"spec": {"nodeAffinity": {"required": {"nodeSelectorTerms": terms}}}}

    kube.create(VOLUMES, volume())
    kube.patch(VOLUMES, "one", affinity("failure-domain.beta.kubernetes.io/zone", "a"))
    kube.patch(VOLUMES, "one", affinity("topology.kubernetes.io/zone", "a"))
    with pytest.raises(Invalid, match="except for updating from beta label to GA"):
        kube.patch(VOLUMES, "one", affinity("topology.kubernetes.io/zone", "b"))


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"csi": None}, "spec"),
        ({"nfs": {"server": "a", "path": "/a"}}, "spec.csi"),
        ({"accessModes": ["Never"]}, "spec.accessModes"),
        ({"capacity": {"storage": "0"}}, "spec.capacity[storage]"),
        ({"csi": {"driver": "csi.example.com"}}, "spec.csi.volumeHandle"),
    ],
)
def test_a_wrong_volume_is_refused(kube: KubeClient, spec: Body, field: str) -> None:
    with pytest.raises(Invalid) as error:
        kube.create(VOLUMES, volume(**spec))
    assert [cause["field"] for cause in error.value.status["details"]["causes"]] == [field]
