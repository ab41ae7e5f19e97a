"""The kubelet stand-in: what it registers, reports and renews."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.contracts.instances import Address, AddressType, Kubelet, NodeShape
from conformance.contracts.kubernetes import LEASES, NODES, RUN_LABEL, AlreadyExists, JsonObject
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.kubelet.heartbeat import Heartbeat
from tests.fake_cloud.hooked_kube import HookedKube, given_taints


@pytest.fixture
def kube() -> Iterator[HookedKube]:
    kube = HookedKube()
    yield kube
    kube.close()


@pytest.fixture
def kubelet(kube: HookedKube) -> Iterator[KubeletStandIn]:
    with KubeletStandIn(kube, labels={"run": "1"}, unmanaged_labels={"managed": "no"}) as stand_in:
        yield stand_in


def lease(kube: HookedKube) -> JsonObject:
    return kube.get(LEASES, "blue", "kube-node-lease")


def ready(node: JsonObject) -> str:
    return str(node["status"]["conditions"][0]["status"])


def test_it_registers_as_with_an_external_cloud_provider(
    kube: HookedKube, kubelet: KubeletStandIn
) -> None:
    contract: Kubelet = kubelet
    contract.join("blue", NodeShape(provided_ip="10.0.0.1"))
    node = kube.get(NODES, "blue")
    assert given_taints(node) == [
        {
            "key": "node.cloudprovider.kubernetes.io/uninitialized",
            "value": "true",
            "effect": "NoSchedule",
        }
    ]
    assert "providerID" not in node["spec"]
    assert node["metadata"]["annotations"] == {"alpha.kubernetes.io/provided-node-ip": "10.0.0.1"}
    assert node["metadata"]["labels"] == {
        "kubernetes.io/hostname": "blue",
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "run": "1",
    }
    assert node["status"]["addresses"] == [{"type": "Hostname", "address": "blue"}]
    assert ready(node) == "True"
    assert node["status"]["nodeInfo"]["kubeletVersion"] == "v1.37.2"


def test_every_wish_of_a_shape_is_granted(kube: HookedKube, kubelet: KubeletStandIn) -> None:
    taint = {"key": "team", "effect": "NoExecute"}
    shape = NodeShape(
        tainted=False,
        unmanaged=True,
        provider_id="fake://r/z/i",
        ready=None,
        labels={"mine": "1"},
        annotations={"note": "2"},
        taints=(taint,),
        addresses=(Address(AddressType.INTERNAL_IP, "10.0.0.9"),),
        pod_cidrs=("10.1.0.0/24", "fd00::/64"),
        finalizers=("example.com/hold",),
        unschedulable=True,
    )
    kubelet.join("blue", shape)
    node = kube.get(NODES, "blue")
    assert given_taints(node) == [taint]
    assert (
        node["spec"].items()
        >= {
            "providerID": "fake://r/z/i",
            "podCIDR": "10.1.0.0/24",
            "podCIDRs": ["10.1.0.0/24", "fd00::/64"],
            "unschedulable": True,
        }.items()
    )
    assert node["metadata"]["labels"].items() >= {"mine": "1", "managed": "no"}.items()
    assert node["metadata"]["annotations"] == {"note": "2"}
    assert node["metadata"]["finalizers"] == ["example.com/hold"]
    assert node["status"]["addresses"] == [{"type": "InternalIP", "address": "10.0.0.9"}]
    assert not node["status"].get("conditions")


@pytest.mark.parametrize(
    ("told", "status", "reason"),
    [
        (True, "True", "KubeletReady"),
        (False, "False", "KubeletNotReady"),
        (None, "Unknown", "NodeStatusUnknown"),
    ],
)
def test_ready_is_written_as_told(
    kube: HookedKube, kubelet: KubeletStandIn, told: bool | None, status: str, reason: str
) -> None:
    kubelet.join("blue", NodeShape())
    kubelet.set_ready("blue", told)
    (condition,) = kube.get(NODES, "blue")["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == (status, reason)


def test_a_deleted_node_joins_anew(kube: HookedKube, kubelet: KubeletStandIn) -> None:
    kubelet.join("blue", NodeShape())
    first = kube.get(NODES, "blue")["metadata"]["uid"]
    kube.delete(NODES, "blue")
    kubelet.join("blue", NodeShape())
    again = kube.get(NODES, "blue")
    assert again["metadata"]["uid"] != first
    assert given_taints(again)


def test_a_node_that_is_still_there_only_gets_a_status(
    kube: HookedKube, kubelet: KubeletStandIn
) -> None:
    kubelet.join("blue", NodeShape(tainted=False))
    kubelet.set_ready("blue", None)
    kubelet.join("blue", NodeShape())
    node = kube.get(NODES, "blue")
    assert ready(node) == "True"
    assert not given_taints(node)


def test_no_lease_without_renewal(kube: HookedKube, kubelet: KubeletStandIn) -> None:
    kubelet.join("blue", NodeShape())
    kubelet.leave("blue")
    assert kube.list(LEASES)["items"] == []


def test_leases_are_renewed_until_the_node_leaves(kube: HookedKube) -> None:
    heartbeat = Heartbeat(kube, period=3600)
    with KubeletStandIn(kube) as kubelet:
        kubelet.join("blue", NodeShape())
    heartbeat.keep("blue", {"type": "Ready", "status": "True"})
    first = lease(kube)["spec"]["renewTime"]
    heartbeat.renew()
    second = lease(kube)["spec"]["renewTime"]
    assert second > first
    heartbeat.drop("blue")
    heartbeat.renew()
    assert lease(kube)["spec"]["renewTime"] == second
    heartbeat.close()


def test_a_renewing_stand_in_cleans_up_its_leases(kube: HookedKube) -> None:
    with KubeletStandIn(kube, renew=True) as kubelet:
        kubelet.join("blue", NodeShape())
        assert lease(kube)["spec"]["holderIdentity"] == "blue"
    assert kube.list(LEASES)["items"] == []


def test_a_node_of_somebody_else_is_not_touched(kube: HookedKube, kubelet: KubeletStandIn) -> None:
    theirs = kube.create(NODES, {"metadata": {"name": "blue", "labels": {RUN_LABEL: "theirs"}}})
    for labels in ({}, {RUN_LABEL: "ours"}):
        with pytest.raises(AlreadyExists):
            kubelet.join("blue", NodeShape(labels=labels))
    assert kube.get(NODES, "blue") == theirs
