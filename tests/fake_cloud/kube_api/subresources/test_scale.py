from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import Conflict, Invalid, KubeClient, PatchType
from tests.fake_cloud.kube_api.kinds import DEPLOYMENTS, Body, deployment

SCALED = {"spec": {"replicas": 5}}


@pytest.fixture
def scale(kube: KubeClient) -> Body:
    kube.create(DEPLOYMENTS, deployment(replicas=2), "default")
    patch: Body = {"spec": {"replicas": 3}}
    return kube.patch(
        DEPLOYMENTS, "one", patch, "default", patch_type=PatchType.MERGE, subresource="scale"
    )


def test_a_scale_tells_replicas_and_selector(scale: Body) -> None:
    assert (scale["kind"], scale["apiVersion"]) == ("Scale", "autoscaling/v1")
    assert scale["spec"] == {"replicas": 3}
    assert scale["status"] == {"replicas": 0, "selector": "app=one"}


def test_a_scale_is_replaced_unless_it_is_stale(kube: KubeClient, scale: Body) -> None:
    wanted = {**scale, "spec": {"replicas": 4}}
    kube.replace(DEPLOYMENTS, "one", wanted, "default", subresource="scale")
    seen = kube.get(DEPLOYMENTS, "one", "default")
    assert (seen["spec"]["replicas"], seen["metadata"]["generation"]) == (4, 3)
    with pytest.raises(Conflict):
        kube.replace(DEPLOYMENTS, "one", wanted, "default", subresource="scale")


def test_there_are_no_negative_replicas(kube: KubeClient, scale: Body) -> None:
    wanted = {**scale, "spec": {"replicas": -1}}
    with pytest.raises(Invalid, match=r'Scale\.autoscaling "one" is invalid: spec\.replicas'):
        kube.replace(DEPLOYMENTS, "one", wanted, "default", subresource="scale")
