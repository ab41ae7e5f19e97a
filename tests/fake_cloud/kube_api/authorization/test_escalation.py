"""Nobody gives more than he has."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contracts.kubernetes import ApiError, KubeClient, PatchType, Resource
from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.server import KubeApi

GROUP = "rbac.authorization.k8s.io"
CLUSTER_ROLES = Resource(GROUP, "v1", "clusterroles", "ClusterRole", namespaced=False)
CLUSTER_BINDINGS = Resource(GROUP, "v1", "clusterrolebindings", "ClusterRoleBinding", False)
GIVER = User("giver", ("system:authenticated",))


def rule(*verbs: str, resource: str, group: str = "") -> dict[str, Any]:
    return {"verbs": list(verbs), "apiGroups": [group], "resources": [resource]}


@pytest.fixture
def giver(api: KubeApi, kube: KubeClient) -> KubeClient:
    """May write cluster roles and bindings, and read nodes."""
    rules = [
        rule("create", "update", "patch", "get", resource="clusterroles", group=GROUP),
        rule("create", resource="clusterrolebindings", group=GROUP),
        rule("get", "list", resource="nodes"),
    ]
    kube.create(CLUSTER_ROLES, {"metadata": {"name": "giver"}, "rules": rules})
    subject = {"kind": "User", "name": "giver"}
    kube.create(CLUSTER_BINDINGS, binding("giver", "giver", subject))
    return api.client(user=GIVER)


def binding(name: str, role: str, *subjects: dict[str, Any]) -> dict[str, Any]:
    reference = {"kind": "ClusterRole", "name": role}
    return {"metadata": {"name": name}, "subjects": list(subjects), "roleRef": reference}


def test_what_one_has_can_be_given(giver: KubeClient) -> None:
    rules = [rule("get", resource="nodes")]
    giver.create(CLUSTER_ROLES, {"metadata": {"name": "a"}, "rules": rules})
    giver.create(CLUSTER_BINDINGS, binding("a", "a"))


def test_what_one_lacks_is_listed(giver: KubeClient) -> None:
    rules = [rule("get", "delete", resource="nodes"), rule("get", resource="secrets")]
    with pytest.raises(ApiError) as refused:
        giver.create(CLUSTER_ROLES, {"metadata": {"name": "a"}, "rules": rules})
    assert refused.value.code == 403
    assert refused.value.message.endswith(
        'user "giver" (groups=["system:authenticated"]) is attempting to grant RBAC permissions '
        'not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["delete"]}\n'
        '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}'
    )


def test_a_role_of_more_rights_can_only_be_left_as_it_is(
    giver: KubeClient, kube: KubeClient
) -> None:
    strong = {"metadata": {"name": "strong"}, "rules": [rule("*", resource="secrets")]}
    kube.create(CLUSTER_ROLES, strong)
    giver.patch(CLUSTER_ROLES, "strong", {"metadata": {"finalizers": ["example.com/hold"]}})
    for patch in ({"metadata": {"labels": {"a": "b"}}}, {"rules": [rule("get", resource="pods")]}):
        with pytest.raises(ApiError, match="not currently held"):
            giver.patch(CLUSTER_ROLES, "strong", patch, patch_type=PatchType.MERGE)
    with pytest.raises(ApiError, match="not currently held"):
        giver.create(CLUSTER_BINDINGS, binding("strong", "strong"))


def test_a_rule_that_lacks_something_is_invalid(giver: KubeClient) -> None:
    with pytest.raises(ApiError, match="422"):
        giver.create(CLUSTER_ROLES, {"metadata": {"name": "a"}, "rules": [{}]})
    with pytest.raises(ApiError, match="404"):
        giver.create(CLUSTER_BINDINGS, {"metadata": {"name": "a"}})


def test_only_administrators_gather_the_rules_of_others(giver: KubeClient) -> None:
    selector = {"matchLabels": {"a": "b"}}
    body = {"metadata": {"name": "all"}, "aggregationRule": {"clusterRoleSelectors": [selector]}}
    with pytest.raises(ApiError, match="must have cluster-admin privileges"):
        giver.create(CLUSTER_ROLES, body)


def test_escalate_and_bind_are_rights_to_do_so(giver: KubeClient, kube: KubeClient) -> None:
    more = [
        rule("escalate", resource="clusterroles", group=GROUP),
        {**rule("bind", resource="clusterroles", group=GROUP), "resourceNames": ["cluster-admin"]},
    ]
    kube.create(CLUSTER_ROLES, {"metadata": {"name": "more"}, "rules": more})
    kube.create(CLUSTER_BINDINGS, binding("more", "more", {"kind": "User", "name": "giver"}))
    rules = [rule("*", resource="secrets")]
    giver.create(CLUSTER_ROLES, {"metadata": {"name": "a"}, "rules": rules})
    giver.create(CLUSTER_BINDINGS, binding("b", "cluster-admin"))
    with pytest.raises(ApiError, match="not currently held"):
        giver.create(CLUSTER_BINDINGS, binding("c", "admin"))
