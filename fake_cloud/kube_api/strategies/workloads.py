"""Deployments and their kin: defaults, a selector that stays, what `/status` keeps.

Source: pkg/apis/apps/v1/defaults.go, pkg/apis/core/v1/defaults.go, pkg/registry/apps,
pkg/registry/core/replicationcontroller.
"""

from __future__ import annotations

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, field_set
from fake_cloud.kube_api.status_errors import FieldError, forbidden_field, invalid_value
from fake_cloud.kube_api.strategies.generic import Body, Strategy, restore
from fake_cloud.kube_api.strategies.pods.defaults import default_pod_spec
from fake_cloud.kube_api.strategies.volumes.claims import default_claim
from fake_cloud.kube_api.strategies.workload_validation import (
    controller_errors,
    deployment_errors,
    selector_errors,
    stateful_set_errors,
    template_errors,
)

IMMUTABLE = "field is immutable"
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"
DECLARATIVE = 37
"""Before this minor a stateful set says which fields may change, instead of which may not."""

OTHERS_FORBIDDEN = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
    "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
    "'minReadySeconds' are forbidden"
)
MAX_UNAVAILABLE = 37
"""From this minor on stateful sets have maxUnavailable: feature MaxUnavailableStatefulSet."""


class WorkloadStrategy(Strategy):
    """Any kind with a pod template; generation counts changes of the spec."""

    has_generation = True
    whole_first = True
    lasting: tuple[str, ...] = ("selector",)
    """Fields of the spec that do not change."""

    def default(self, body: Body) -> None:
        default_pod_spec(body["spec"]["template"]["spec"])

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        return [
            invalid_value(f"spec.{field}", body["spec"].get(field), IMMUTABLE)
            for field in self.lasting
            if body["spec"].get(field) != old["spec"].get(field)
        ]


class DeploymentStrategy(WorkloadStrategy):
    """One replica, rolling updates; annotations count as a change, labels not by `/status`."""

    def reset_fields(self, subresource: str) -> FieldSet:
        if subresource != "status":
            return super().reset_fields(subresource)
        return field_set("spec", "metadata.labels")

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

    def prepare_update(self, body: Body, old: Body) -> None:
        super().prepare_update(body, old)
        new, had = body["metadata"].get("annotations"), old["metadata"].get("annotations")
        if new != had:
            body["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        super().prepare_subresource(name, body, old)
        restore(body["metadata"], old["metadata"], "labels")

    def validate(self, body: Body) -> list[FieldError]:
        return deployment_errors(body["spec"])


class ReplicaSetStrategy(WorkloadStrategy):
    """One replica."""

    def default(self, body: Body) -> None:
        super().default(body)
        body["spec"].setdefault("replicas", 1)

    def validate(self, body: Body) -> list[FieldError]:
        spec = body["spec"]
        return [
            *selector_errors(spec, "deployment"),
            *template_errors(spec, "ReplicaSet"),
        ]


class StatefulSetStrategy(WorkloadStrategy):
    """Pods in order, claims that are retained."""

    lasting = ("selector", "volumeClaimTemplates", "serviceName", "podManagementPolicy")

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        errors = super().validate_update(body, old)
        if errors and self.minor < DECLARATIVE:
            return [forbidden_field("spec", OTHERS_FORBIDDEN)]
        return errors

    def default(self, body: Body) -> None:
        super().default(body)
        spec = body["spec"]
        spec.setdefault("podManagementPolicy", "OrderedReady")
        strategy = spec["updateStrategy"]
        if not strategy.get("type"):
            strategy["type"] = "RollingUpdate"
            strategy.setdefault("rollingUpdate", {})
        if strategy["type"] == "RollingUpdate" and "rollingUpdate" in strategy:
            strategy["rollingUpdate"].setdefault("partition", 0)
            if self.minor >= MAX_UNAVAILABLE:
                strategy["rollingUpdate"].setdefault("maxUnavailable", 1)
        retention = spec.setdefault("persistentVolumeClaimRetentionPolicy", {})
        for moment in ("whenDeleted", "whenScaled"):
            retention.setdefault(moment, "Retain")
        spec.setdefault("replicas", 1)
        spec.setdefault("revisionHistoryLimit", 10)
        for claim in spec.get("volumeClaimTemplates", []):
            claim.update({"kind": "PersistentVolumeClaim", "apiVersion": "v1"})
            default_claim(claim)

    def validate(self, body: Body) -> list[FieldError]:
        return stateful_set_errors(body["spec"])


class DaemonSetStrategy(WorkloadStrategy):
    """One pod a node at a time; an annotation counts changes of the template."""

    whole_first = False

    def default(self, body: Body) -> None:
        super().default(body)
        strategy = body["spec"]["updateStrategy"]
        if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
            rolling = strategy.setdefault("rollingUpdate", {})
            rolling.setdefault("maxUnavailable", 1)
            rolling.setdefault("maxSurge", 0)
        body["spec"].setdefault("revisionHistoryLimit", 10)
        body["metadata"].setdefault("annotations", {}).setdefault(TEMPLATE_GENERATION, "0")

    def prepare_create(self, body: Body) -> None:
        super().prepare_create(body)
        body["metadata"]["annotations"][TEMPLATE_GENERATION] = "1"

    def prepare_update(self, body: Body, old: Body) -> None:
        super().prepare_update(body, old)
        count = int(old["metadata"]["annotations"][TEMPLATE_GENERATION])
        count += body["spec"]["template"] != old["spec"]["template"]
        body["metadata"]["annotations"][TEMPLATE_GENERATION] = str(count)

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        super().prepare_subresource(name, body, old)
        counted = old["metadata"]["annotations"][TEMPLATE_GENERATION]
        body["metadata"]["annotations"][TEMPLATE_GENERATION] = counted

    def validate(self, body: Body) -> list[FieldError]:
        return controller_errors(body["spec"], "daemonset", "DaemonSet")


class ReplicationControllerStrategy(WorkloadStrategy):
    """The old kind: its selector is a plain map, taken from the template if it is missing."""

    lasting = ()

    def default(self, body: Body) -> None:
        spec = body["spec"]
        template = spec.get("template")
        if template is not None:
            default_pod_spec(template["spec"])
            labels = template["metadata"].get("labels")
            if labels:
                spec.setdefault("selector", labels)
                body["metadata"].setdefault("labels", labels)
        spec.setdefault("replicas", 1)
