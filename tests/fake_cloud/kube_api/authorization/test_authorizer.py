"""Who is refused, and in which words; the recorded steps of topic L have the rest."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contracts.kubernetes import (
    CONFIG_MAPS,
    LEASES,
    NODES,
    ApiError,
    KubeClient,
    NotFound,
    Resource,
)
from fake_cloud.kube_api.authentication.user import NOBODY, User, service_account
from fake_cloud.kube_api.server import KubeApi

GROUP = "rbac.authorization.k8s.io"
ROLES = Resource(GROUP, "v1", "roles", "Role", namespaced=True)
BINDINGS = Resource(GROUP, "v1", "rolebindings", "RoleBinding", namespaced=True)
CLUSTER_BINDINGS = Resource(GROUP, "v1", "clusterrolebindings", "ClusterRoleBinding", False)
WORKER = service_account("default", "worker")


def bind(kube: KubeClient, role: str, subject: dict[str, Any], namespace: str = "") -> None:
    reference = {"kind": "ClusterRole", "name": role}
    body = {"metadata": {"name": role.replace(":", "-")}, "subjects": [subject]}
    resource = BINDINGS if namespace else CLUSTER_BINDINGS
    kube.create(resource, {**body, "roleRef": reference}, namespace or None)


def test_nobody_reads_nothing_but_health(api: KubeApi) -> None:
    nobody = api.client(user=NOBODY)
    assert nobody.version()["major"] == "1"
    with pytest.raises(ApiError) as refused:
        nobody.list(LEASES, "kube-system")
    assert refused.value.code == 403
    assert refused.value.message == (
        'leases.coordination.k8s.io is forbidden: User "system:anonymous" cannot list resource '
        '"leases" in API group "coordination.k8s.io" in the namespace "kube-system"'
    )


def test_a_refused_request_finds_nothing_out(api: KubeApi) -> None:
    jane = api.client(user=User("jane"))
    for resource in (NODES, Resource("", "v1", "nonsense", "Nonsense", namespaced=False)):
        with pytest.raises(ApiError, match="403 Forbidden"):
            jane.get(resource, "nobody")
        with pytest.raises(NotFound):
            api.client().get(resource, "nobody")


def test_a_cluster_role_counts_where_it_is_bound(api: KubeApi, kube: KubeClient) -> None:
    account = {"kind": "ServiceAccount", "name": "worker"}
    bind(kube, "view", account, "default")
    worker = api.client(user=WORKER)
    worker.list(CONFIG_MAPS, "default")
    for namespace in ("kube-system", None):
        with pytest.raises(ApiError, match="403"):
            worker.list(CONFIG_MAPS, namespace)
    bind(kube, "view", {**account, "namespace": "default"})
    worker.list(CONFIG_MAPS)
    with pytest.raises(ApiError, match="403"):
        worker.create(CONFIG_MAPS, {"metadata": {"name": "a"}}, "default")


def test_a_role_counts_as_soon_as_it_is_written_and_no_longer(
    api: KubeApi, kube: KubeClient
) -> None:
    bind(kube, "system:node-bootstrapper", {"kind": "Group", "name": "makers"})
    maker = api.client(user=User("john", ("makers",)))
    requests = Resource("certificates.k8s.io", "v1", "certificatesigningrequests", "", False)
    with pytest.raises(NotFound):
        maker.get(requests, "nobody")
    kube.delete(CLUSTER_BINDINGS, "system-node-bootstrapper")
    with pytest.raises(ApiError, match="403"):
        maker.get(requests, "nobody")


def test_members_of_masters_are_not_asked_about(kube: KubeClient) -> None:
    for name in ("cluster-admin", "system:discovery"):
        kube.delete(CLUSTER_BINDINGS, name)
    assert kube.list(NODES)["items"] == []


def test_a_binding_keeps_its_role(kube: KubeClient) -> None:
    bind(kube, "view", {"kind": "User", "name": "jane"})
    found = kube.get(CLUSTER_BINDINGS, "view")
    assert found["subjects"] == [{"apiGroup": GROUP, "kind": "User", "name": "jane"}]
    found["roleRef"]["name"] = "edit"
    with pytest.raises(ApiError, match=r"roleRef: Invalid value: .* field is immutable"):
        kube.replace(CLUSTER_BINDINGS, "view", found)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"apiGroups": [""], "resources": ["nodes"]}, "rules[0].verbs"),
        ({"verbs": ["get"], "resources": ["nodes"]}, "rules[0].apiGroups"),
        ({"verbs": ["get"], "apiGroups": [""]}, "rules[0].resources"),
        ({"verbs": ["get"], "nonResourceURLs": ["/x"]}, "rules[0].nonResourceURLs"),
    ],
)
def test_rules_are_whole(kube: KubeClient, rule: dict[str, Any], field: str) -> None:
    with pytest.raises(ApiError) as refused:
        kube.create(ROLES, {"metadata": {"name": "a"}, "rules": [rule]}, "default")
    assert [cause["field"] for cause in refused.value.status["details"]["causes"]] == [field]
