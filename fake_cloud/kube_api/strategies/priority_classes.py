"""Classes of priorities: a number that stays, a part of the numbers for the system alone.

Source: pkg/registry/scheduling/priorityclass/strategy.go, pkg/apis/scheduling/validation,
plugin/pkg/admission/priority.
"""

from __future__ import annotations

from fake_cloud.kube_api.requests import about
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden,
    forbidden_field,
    invalid_value,
    not_supported,
)
from fake_cloud.kube_api.store import Store, decode
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.types.table import ResourceType

SYSTEM = "system-"
SYSTEM_CLASSES = ("system-node-critical", "system-cluster-critical")
HIGHEST = 1_000_000_000
POLICIES = ("PreemptLowerPriority", "Never")


class PriorityClassStrategy(Strategy):
    """There is at most one default."""

    def __init__(self, resource: ResourceType, minor: int, store: Store):
        super().__init__(resource, minor)
        self._store = store

    def default(self, body: Body) -> None:
        body.setdefault("preemptionPolicy", POLICIES[0])

    def prepare_create(self, body: Body) -> None:
        body["metadata"]["generation"] = 1

    def validate(self, body: Body) -> list[FieldError]:
        name, errors = body["metadata"].get("name", ""), []
        if name.startswith(SYSTEM) and name not in SYSTEM_CLASSES:
            why = (
                "priority class names with 'system-' prefix are reserved for system use only. "
                f"error: {name} is not a known system priority class"
            )
            errors.append(forbidden_field("metadata.name", why))
        elif body["value"] > HIGHEST and not name.startswith(SYSTEM):
            why = f"maximum allowed value of a user defined priority is {HIGHEST}"
            errors.append(forbidden_field("value", why))
        policy = body["preemptionPolicy"]
        if policy not in POLICIES:
            errors.append(not_supported("preemptionPolicy", policy, POLICIES))
        return errors

    def update_errors(self, body: Body, old: Body) -> list[FieldError]:
        """The number and the policy are compared; nothing else is looked at again."""
        errors = self.subresource_errors("", body, old)
        if body["value"] != old["value"]:
            errors.append(forbidden_field("value", "may not be changed in an update."))
        policy = body["preemptionPolicy"]
        if policy != old["preemptionPolicy"]:
            errors.append(invalid_value("preemptionPolicy", policy, "field is immutable"))
        return errors

    def refuse(self, body: Body, old: Body | None) -> None:  # noqa: ARG002
        if not body.get("globalDefault"):
            return
        for entry in self._store.collection("scheduling.k8s.io", "priorityclasses").entries():
            other = entry.key[1]
            if decode(entry.data).get("globalDefault") and other != body["metadata"]["name"]:
                why = (
                    f"PriorityClass {other} is already marked as default. "
                    "Only one default can exist"
                )
                raise forbidden(about(self.resource), body["metadata"]["name"], why)
