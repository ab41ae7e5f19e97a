"""Deployments and their kin: defaults, a selector that stays.

Source: pkg/apis/apps/v1/defaults.go and ValidateDeploymentUpdate.
"""

from __future__ import annotations

from fake_cloud.kube_api.status_errors import FieldError, invalid_value
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.strategies.pod_defaults import default_pod_spec


class WorkloadStrategy(Strategy):
    """Any kind with a pod template; generation counts changes of the spec."""

    has_generation = True

    def default(self, body: Body) -> None:
        template = body.get("spec", {}).get("template")
        if isinstance(template, dict) and "spec" in template:
            default_pod_spec(template["spec"])

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        selector = body["spec"].get("selector")
        if selector == old["spec"].get("selector"):
            return []
        return [invalid_value("spec.selector", selector, "field is immutable")]


class DeploymentStrategy(WorkloadStrategy):
    """One replica, rolling updates."""

    def default(self, body: Body) -> None:
        super().default(body)
        spec = body["spec"]
        spec.setdefault("replicas", 1)
        strategy = spec["strategy"]
        if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
            rolling = strategy.setdefault("rollingUpdate", {})
            rolling.setdefault("maxUnavailable", "25%")
            rolling.setdefault("maxSurge", "25%")
        spec.setdefault("revisionHistoryLimit", 10)
        spec.setdefault("progressDeadlineSeconds", 600)
