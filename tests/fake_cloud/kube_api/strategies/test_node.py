from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import NODES, Invalid, KubeClient, PatchType
from tests.fake_cloud.kube_api.objects import node

NOT_READY = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}


def test_created_nodes_are_tainted_not_ready(kube: KubeClient) -> None:
    taint = {"key": "mine", "effect": "NoExecute"}
    assert kube.create(NODES, node(taints=[taint]))["spec"]["taints"] == [taint, NOT_READY]


def test_nodes_keep_the_status_that_they_are_created_with(kube: KubeClient) -> None:
    addresses = [{"type": "InternalIP", "address": "10.0.0.1"}]
    created = kube.create(NODES, {**node(), "status": {"addresses": addresses}})
    assert created["status"]["addresses"] == addresses


def test_the_main_resource_and_status_do_not_write_each_other(kube: KubeClient) -> None:
    created = kube.create(NODES, node())
    status = {"addresses": [{"type": "InternalIP", "address": "10.0.0.1"}]}
    assert kube.patch(NODES, "one", {"status": status}) == created
    patch = {"spec": {"unschedulable": True}, "status": status, "metadata": {"labels": {"a": "b"}}}
    changed = kube.patch(NODES, "one", patch, subresource="status")
    assert "unschedulable" not in changed["spec"]
    assert changed["status"]["addresses"] == status["addresses"]
    assert changed["metadata"]["labels"] == {"a": "b"}


def test_a_provider_id_is_set_once(kube: KubeClient) -> None:
    kube.create(NODES, node())
    kube.patch(NODES, "one", {"spec": {"providerID": "fake:///a"}})
    with pytest.raises(Invalid, match="cannot be modified once set"):
        kube.patch(NODES, "one", {"spec": {"providerID": "fake:///b"}})
    with pytest.raises(Invalid, match="cannot be cleared once set"):
        kube.patch(NODES, "one", {"spec": {"providerID": None}})


def test_pod_cidrs_are_set_once(kube: KubeClient) -> None:
    created = kube.create(NODES, node(podCIDR="10.1.0.0/24"))
    assert created["spec"]["podCIDRs"] == ["10.1.0.0/24"]
    patch = {"spec": {"podCIDR": "10.2.0.0/24", "podCIDRs": ["10.2.0.0/24"]}}
    with pytest.raises(Invalid, match="may not change podCIDR"):
        kube.patch(NODES, "one", patch, patch_type=PatchType.MERGE)


def test_taints_are_unique_by_key_and_effect(kube: KubeClient) -> None:
    taint = {"key": "a", "effect": "NoSchedule"}
    with pytest.raises(Invalid, match="taints must be unique"):
        kube.create(NODES, node(taints=[taint, {**taint, "value": "x"}]))


def test_nodes_have_no_generation(kube: KubeClient) -> None:
    kube.create(NODES, node())
    changed = kube.patch(NODES, "one", {"spec": {"unschedulable": True}})
    assert "generation" not in changed["metadata"]
