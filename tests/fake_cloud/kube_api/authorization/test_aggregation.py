"""Aggregated ClusterRoles follow those that they select."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.contracts.kubernetes import KubeClient, Resource

CLUSTER_ROLES = Resource(
    "rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", namespaced=False
)
PATIENCE = 60
"""Seconds until a failing test says so."""


def role(name: str, *resources: str, **labels: str) -> dict[str, Any]:
    rules = [{"verbs": ["get"], "apiGroups": [""], "resources": [one]} for one in resources]
    return {"metadata": {"name": name, "labels": labels}, "rules": rules}


def wait_for(kube: KubeClient, version: str, seen: Callable[[dict[str, Any]], bool]) -> None:
    """Until a role that is written after `version` is as wanted; the watch ends at last."""
    with kube.watch(CLUSTER_ROLES, resource_version=version, timeout_seconds=PATIENCE) as watch:
        assert any(seen(event.object) for event in watch), "the watch ended without it"


def wait_for_resources(kube: KubeClient, version: str, *wanted: str) -> None:
    def seen(written: dict[str, Any]) -> bool:
        rules = written.get("rules") or []
        named = written["metadata"]["name"] == "all"
        return named and [rule["resources"][0] for rule in rules] == list(wanted)

    wait_for(kube, version, seen)


def test_rules_come_and_go_with_the_selected_roles(kube: KubeClient) -> None:
    kube.create(CLUSTER_ROLES, role("b", "nodes", "pods", part="yes"))
    selector = {"matchLabels": {"part": "yes"}}
    whole = {"metadata": {"name": "all"}, "aggregationRule": {"clusterRoleSelectors": [selector]}}
    version = kube.create(CLUSTER_ROLES, whole)["metadata"]["resourceVersion"]
    wait_for_resources(kube, version, "nodes", "pods")
    kube.create(CLUSTER_ROLES, role("a", "secrets", "nodes", part="yes"))
    wait_for_resources(kube, version, "secrets", "nodes", "pods")
    kube.delete(CLUSTER_ROLES, "b")
    wait_for_resources(kube, version, "secrets", "nodes")


def test_what_is_for_viewing_is_for_editing_and_administering_too(kube: KubeClient) -> None:
    label = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    made = kube.create(CLUSTER_ROLES, role("gadgets", "gadgets", **label))
    version = made["metadata"]["resourceVersion"]
    rule = {"verbs": ["get"], "apiGroups": [""], "resources": ["gadgets"]}
    missing = {"view", "edit", "admin"}

    def seen(written: dict[str, Any]) -> bool:
        if rule in written["rules"]:
            missing.discard(written["metadata"]["name"])
        return not missing

    wait_for(kube, version, seen)
