"""The controller of aggregated ClusterRoles: they get the rules of those that they select.

Does what pkg/controller/clusterroleaggregation of kubernetes does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.contracts.kubernetes import Resource
from fake_cloud.kube_api.authorization.policies import GROUP
from fake_cloud.kube_api.client import InProcessClient
from fake_cloud.kube_api.controllers.controller import Controller
from fake_cloud.kube_api.label_selector import matches
from fake_cloud.kube_api.store import Change, Collection, Store, decode
from fake_cloud.kube_api.types.served import ServedTypes

CLUSTER_ROLES = Resource(GROUP, "v1", "clusterroles", "ClusterRole", namespaced=False)
MANAGER = "clusterrole-aggregation-controller"
"""Who owns the rules of aggregated roles."""

ClusterRole = dict[str, Any]


class RoleAggregation(Controller):
    """Looks at all aggregated roles whenever any role changes."""

    name = "clusterrole-aggregation"

    def __init__(self, store: Store, served: ServedTypes, client: InProcessClient):
        super().__init__(store, served, client)
        self._apply = client.apply

    def concerns(self, collection: Collection, change: Change) -> bool:  # noqa: ARG002
        return (collection.group, collection.plural) == (GROUP, "clusterroles")

    def act(self, collection: Collection, change: Change) -> None:  # noqa: ARG002
        with self.store.lock:
            entries = collection.entries()
        roles = [decode(entry.data) for entry in entries]
        for role in roles:
            if role.get("aggregationRule"):
                rules = _aggregated(role, roles)
                if rules != (role.get("rules") or []):
                    wanted = {"metadata": {"name": role["metadata"]["name"]}, "rules": rules}
                    self._apply(CLUSTER_ROLES, wanted, MANAGER)


def _aggregated(into: ClusterRole, roles: list[ClusterRole]) -> list[dict[str, Any]]:
    """In the order of the selectors and of the names; every rule once."""
    rules: list[dict[str, Any]] = []
    for role in _selected(into, roles):
        rules.extend(rule for rule in role.get("rules") or [] if rule not in rules)
    return rules


def _selected(into: ClusterRole, roles: list[ClusterRole]) -> Iterator[ClusterRole]:
    for selector in into["aggregationRule"].get("clusterRoleSelectors") or []:
        for role in roles:
            selected = matches(selector, role["metadata"].get("labels") or {})
            if selected and role["metadata"]["name"] != into["metadata"]["name"]:
                yield role
