"""The roles and bindings of a new server."""

from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import KubeClient
from fake_cloud.kube_api.authorization.bootstrap_policy import KINDS, read_policy
from fake_cloud.kube_api.server import KubeApi

NEEDED = {
    "cluster-admin", "admin", "edit", "view", "system:discovery", "system:basic-user",
    "system:public-info-viewer", "system:node", "system:kube-controller-manager",
    "system:auth-delegator", "system:controller:service-controller",
    "system:controller:route-controller", "system:controller:node-controller",
}  # fmt: skip


@pytest.mark.parametrize("minor", ["1.31", "1.35", "1.36", "1.37"])
def test_every_minor_has_what_clients_rely_on(minor: str) -> None:
    policy = read_policy(minor)
    assert {role["metadata"]["name"] for role in policy["clusterroles"]} >= NEEDED
    assert all(role["rules"] for role in policy["clusterroles"] if role.get("aggregationRule"))
    assert {one["metadata"]["namespace"] for one in policy["roles"]} == {
        "kube-system",
        "kube-public",
    }


def test_a_server_has_them_as_objects_of_its_own(kube: KubeClient) -> None:
    policy = read_policy("1.37")
    for kind in KINDS:
        items = kube.list(kind)["items"]
        assert len(items) == len(policy[kind.plural])
        assert all(item["metadata"]["uid"] for item in items)
    other = KubeApi()
    uids = {one["metadata"]["uid"] for api in (kube, other.client()) for one in
            api.list(KINDS[0])["items"]}  # fmt: skip
    other.close()
    assert len(uids) == 2 * len(policy["clusterroles"])
