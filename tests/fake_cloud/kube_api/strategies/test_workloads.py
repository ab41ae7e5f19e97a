from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import Invalid, KubeClient, Resource
from tests.fake_cloud.kube_api.kinds import DEPLOYMENTS, Body, claim, deployment

DAEMON_SETS = Resource("apps", "v1", "daemonsets", "DaemonSet", namespaced=True)
STATEFUL_SETS = Resource("apps", "v1", "statefulsets", "StatefulSet", namespaced=True)
COUNT = "deprecated.daemonset.template.generation"


def test_the_status_of_a_deployment_keeps_labels_and_takes_annotations(kube: KubeClient) -> None:
    kube.create(DEPLOYMENTS, deployment(), "default")
    metadata = {"labels": {"a": "b"}, "annotations": {"c": "d"}}
    patch = {"metadata": metadata, "status": {"replicas": 1}}
    seen = kube.patch(DEPLOYMENTS, "one", patch, "default", subresource="status")
    assert "labels" not in seen["metadata"]
    assert seen["metadata"]["annotations"] == {"c": "d"}


def test_generation_counts_spec_and_annotations_of_a_deployment(kube: KubeClient) -> None:
    def generation(patch: dict[str, object]) -> int:
        return int(kube.patch(DEPLOYMENTS, "one", patch, "default")["metadata"]["generation"])

    kube.create(DEPLOYMENTS, deployment(), "default")
    assert generation({"spec": {"replicas": 2}}) == 2
    assert generation({"metadata": {"annotations": {"a": "b"}}}) == 3
    assert generation({"metadata": {"labels": {"a": "b"}}}) == 3


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"replicas": -1}, "spec.replicas"),
        ({"selector": {"matchLabels": {"app": "b"}}}, "spec.template.metadata.labels"),
        ({"strategy": {"type": "Sudden"}}, "spec.strategy"),
        ({"selector": {"matchExpressions": [{"key": "a", "operator": "Odd"}]}}, "spec.selector"),
    ],
)
def test_a_deployment_that_makes_no_pods_is_refused(
    kube: KubeClient, spec: Body, field: str
) -> None:
    with pytest.raises(Invalid) as error:
        kube.create(DEPLOYMENTS, deployment(**spec), "default")
    assert field in [cause["field"] for cause in error.value.status["details"]["causes"]]


def test_the_template_is_checked_like_a_pod(kube: KubeClient) -> None:
    body = deployment()
    body["spec"]["template"]["spec"]["containers"] = []
    with pytest.raises(Invalid, match=r"spec\.template\.spec\.containers: Required value"):
        kube.create(DEPLOYMENTS, body, "default")


def test_a_daemon_set_counts_changes_of_its_template(kube: KubeClient) -> None:
    created = kube.create(DAEMON_SETS, deployment(), "default")
    assert created["metadata"]["annotations"] == {COUNT: "1"}
    patch = {"spec": {"template": {"metadata": {"labels": {"b": "c"}}}}}
    changed = kube.patch(DAEMON_SETS, "one", patch, "default")
    assert changed["metadata"]["annotations"] == {COUNT: "2"}


def test_claims_of_a_stateful_set_are_whole_and_stay(kube: KubeClient) -> None:
    body = deployment(serviceName="one", volumeClaimTemplates=[claim("data")])
    created = kube.create(STATEFUL_SETS, body, "default")
    template = created["spec"]["volumeClaimTemplates"][0]
    assert (template["kind"], template["spec"]["volumeMode"]) == (
        "PersistentVolumeClaim",
        "Filesystem",
    )
    with pytest.raises(Invalid, match=r"spec\.serviceName"):
        kube.patch(STATEFUL_SETS, "one", {"spec": {"serviceName": "two"}}, "default")
