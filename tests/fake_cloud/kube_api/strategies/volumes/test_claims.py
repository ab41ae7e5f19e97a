from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import ApiError, Invalid, KubeClient
from tests.fake_cloud.kube_api.kinds import CLAIMS, CLASSES, claim, set_status

DEFAULT = {"storageclass.kubernetes.io/is-default-class": "true"}


def storage_class(kube: KubeClient, name: str, **fields: object) -> None:
    body = {"metadata": {"name": name}, "provisioner": "csi.example.com", **fields}
    kube.create(CLASSES, body)


def bigger(kube: KubeClient, size: str) -> str:
    patch = {"spec": {"resources": {"requests": {"storage": size}}}}
    seen = kube.patch(CLAIMS, "one", patch, "default")
    return str(seen["spec"]["resources"]["requests"]["storage"])


def test_a_claim_is_protected_and_pending(kube: KubeClient) -> None:
    created = kube.create(CLAIMS, claim(), "default")
    assert created["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    assert created["status"] == {"phase": "Pending"}
    assert "storageClassName" not in created["spec"]


def test_a_claim_without_a_class_gets_the_default_one(kube: KubeClient) -> None:
    storage_class(kube, "other")
    storage_class(kube, "chosen", metadata={"name": "chosen", "annotations": DEFAULT})
    assert kube.create(CLAIMS, claim(), "default")["spec"]["storageClassName"] == "chosen"
    none = kube.create(CLAIMS, claim("none", storageClassName=""), "default")
    assert none["spec"]["storageClassName"] == ""


def test_a_claim_names_its_volume_once(kube: KubeClient) -> None:
    kube.create(CLAIMS, claim(), "default")
    kube.patch(CLAIMS, "one", {"spec": {"volumeName": "a"}}, "default")
    with pytest.raises(Invalid, match="spec is immutable after creation"):
        kube.patch(CLAIMS, "one", {"spec": {"volumeName": "b"}}, "default")


def test_a_bound_claim_grows_where_its_class_lets_it(kube: KubeClient) -> None:
    storage_class(kube, "grows", allowVolumeExpansion=True)
    kube.create(CLAIMS, claim(storageClassName="grows"), "default")
    with pytest.raises(Invalid, match="spec is immutable after creation"):
        bigger(kube, "2Gi")
    set_status(kube, CLAIMS, "one", "default", phase="Bound", capacity={"storage": "1Gi"})
    assert bigger(kube, "2Gi") == "2Gi"
    assert bigger(kube, "1536Mi") == "1536Mi"
    with pytest.raises(Invalid, match=r"field can not be less than status\.capacity"):
        bigger(kube, "1Gi")


def test_a_bound_claim_stays_as_big_as_its_class_wants(kube: KubeClient) -> None:
    storage_class(kube, "stays")
    kube.create(CLAIMS, claim(storageClassName="stays"), "default")
    set_status(kube, CLAIMS, "one", "default", phase="Bound", capacity={"storage": "1Gi"})
    with pytest.raises(ApiError, match="the storageclass that provisions the pvc must support"):
        bigger(kube, "2Gi")


def test_a_source_that_nothing_can_restore_is_dropped(kube: KubeClient) -> None:
    source = {"apiGroup": "example.com", "kind": "Other", "name": "a"}
    created = kube.create(CLAIMS, claim(dataSource=source), "default")
    assert "dataSource" not in created["spec"]
    reference = kube.create(CLAIMS, claim("two", dataSourceRef=source), "default")
    assert reference["spec"]["dataSource"] == source
