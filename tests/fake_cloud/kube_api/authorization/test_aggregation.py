"""Aggregated ClusterRoles follow those that they select."""

from __future__ import annotations

from typing import Any

from conformance.contracts.kubernetes import KubeClient, Resource

CLUSTER_ROLES = Resource(
    "rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", namespaced=False
)


def role(name: str, *resources: str, **labels: str) -> dict[str, Any]:
    rules = [{"verbs": ["get"], "apiGroups": [""], "resources": [one]} for one in resources]
    return {"metadata": {"name": name, "labels": labels}, "rules": rules}


def resources_of(kube: KubeClient, version: str, *wanted: str) -> None:
    """Waits for the rules."""
    selector = "metadata.name=all"
    with kube.watch(CLUSTER_ROLES, resource_version=version, field_selector=selector) as watch:
        for event in watch:
            rules = event.object.get("rules") or []
            if [rule["resources"][0] for rule in rules] == list(wanted):
                return


def test_rules_come_and_go_with_the_selected_roles(kube: KubeClient) -> None:
    kube.create(CLUSTER_ROLES, role("b", "nodes", "pods", part="yes"))
    selector = {"matchLabels": {"part": "yes"}}
    whole = {"metadata": {"name": "all"}, "aggregationRule": {"clusterRoleSelectors": [selector]}}
    version = kube.create(CLUSTER_ROLES, whole)["metadata"]["resourceVersion"]
    resources_of(kube, version, "nodes", "pods")
    kube.create(CLUSTER_ROLES, role("a", "secrets", "nodes", part="yes"))
    resources_of(kube, version, "secrets", "nodes", "pods")
    kube.delete(CLUSTER_ROLES, "b")
    resources_of(kube, version, "secrets", "nodes")


def test_what_is_for_viewing_is_for_editing_and_administering_too(kube: KubeClient) -> None:
    label = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    made = kube.create(CLUSTER_ROLES, role("gadgets", "gadgets", **label))
    version = made["metadata"]["resourceVersion"]
    seen: set[str] = set()
    with kube.watch(CLUSTER_ROLES, resource_version=version) as watch:
        for event in watch:
            if {"verbs": ["get"], "apiGroups": [""], "resources": ["gadgets"]} in (
                event.object["rules"]
            ):
                seen.add(event.object["metadata"]["name"])
            if {"view", "edit", "admin"} <= seen:
                return
