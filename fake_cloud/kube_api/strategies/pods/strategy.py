"""Pods: what the server adds, which fields may change, how they are deleted.

Source: pkg/registry/core/pod/strategy.go.
"""

from __future__ import annotations

from collections.abc import Mapping

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, field_set
from fake_cloud.kube_api.names import label_problems
from fake_cloud.kube_api.status_errors import FieldError
from fake_cloud.kube_api.store import Store
from fake_cloud.kube_api.strategies.generic import Body, Strategy, restore
from fake_cloud.kube_api.strategies.pods.admission import add_tolerations, set_priority
from fake_cloud.kube_api.strategies.pods.conditions import keep_observed_generations, set_condition
from fake_cloud.kube_api.strategies.pods.defaults import default_pod
from fake_cloud.kube_api.strategies.pods.quality import quality_of_service
from fake_cloud.kube_api.strategies.pods.resize import keep_but_resources, resize_errors
from fake_cloud.kube_api.strategies.pods.topology import TOPOLOGY_COPIED, topology_labels
from fake_cloud.kube_api.strategies.pods.updates import (
    ephemeral_update_errors,
    padded_image_errors,
    pod_status_errors,
    pod_update_errors,
)
from fake_cloud.kube_api.strategies.pods.validation import pod_create_errors, pod_errors
from fake_cloud.kube_api.types.table import ResourceType

GENERATION_COUNTS = 33
"""From this minor on pods have a generation."""

SPACES_CREATED = 37
"""From this minor on only updates may not put spaces around the name of an image."""

GATED = {
    "type": "PodScheduled",
    "status": "False",
    "reason": "SchedulingGated",
    "message": "Scheduling is blocked due to non-empty scheduling gates",
}
TERMINAL = ("Succeeded", "Failed")


class PodStrategy(Strategy):
    """Pods are bound, run and confirmed as gone by others; the server keeps the rules."""

    whole_first = True

    def __init__(self, resource: ResourceType, minor: int, store: Store):
        super().__init__(resource, minor)
        self._store = store
        self.has_generation = minor >= GENERATION_COUNTS

    def reset_fields(self, subresource: str) -> FieldSet:
        if subresource != "status":
            return super().reset_fields(subresource)
        return field_set("spec", "metadata.deletionTimestamp", "metadata.ownerReferences")

    def default(self, body: Body) -> None:
        default_pod(body["spec"])
        _link_addresses(body["status"])

    def admit(self, body: Body, old: Body | None) -> None:
        spec = body["spec"]
        if old is None:
            set_priority(body, self._store)
            if self.minor >= TOPOLOGY_COPIED and (node := spec.get("nodeName")):
                self._copy_topology(body["metadata"], node)
        else:
            for field in ("priority", "preemptionPolicy"):
                if field in old["spec"]:
                    spec.setdefault(field, old["spec"][field])
        add_tolerations(spec)

    def _copy_topology(self, metadata: Body, node: str) -> None:
        if labels := topology_labels(self._store, node):
            metadata["labels"] = metadata.get("labels", {}) | labels

    def prepare_create(self, body: Body) -> None:
        super().prepare_create(body)
        body["status"] = {"phase": "Pending", "qosClass": quality_of_service(body["spec"])}
        if body["spec"].get("schedulingGates"):
            set_condition(body["status"], GATED)

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        if name == "status":
            self._prepare_status(body, old)
            return
        spec = body["spec"]
        metadata = {**old["metadata"], "resourceVersion": ""}
        restore(metadata, body["metadata"], "managedFields")
        body["metadata"] = metadata
        restore(body, old, "status")
        restore(body, old, "spec")
        if name == "ephemeralcontainers":
            body["spec"] = {**old["spec"]}
            restore(body["spec"], spec, "ephemeralContainers")
        elif name == "resize":
            body["spec"] = keep_but_resources(spec, old["spec"])
        self._count(body, old)

    def _prepare_status(self, body: Body, old: Body) -> None:
        restore(body, old, "spec")
        restore(body["metadata"], old["metadata"], "ownerReferences")
        body["status"].setdefault("qosClass", old["status"].get("qosClass", ""))
        keep_observed_generations(body["status"], old["status"])

    def _count(self, body: Body, old: Body) -> None:
        if self.has_generation and body["spec"] != old["spec"]:
            body["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1

    def validate(self, body: Body) -> list[FieldError]:
        errors = pod_errors(body)
        if self.minor < SPACES_CREATED:
            for part in ("containers", "initContainers"):
                errors += padded_image_errors(body["spec"].get(part) or [], f"spec.{part}")
        return errors

    def create_errors(self, body: Body) -> list[FieldError]:
        return super().create_errors(body) + pod_create_errors(body["spec"])

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        return pod_update_errors(body["spec"], old["spec"])

    def subresource_errors(self, name: str, body: Body, old: Body) -> list[FieldError]:
        found = super().subresource_errors(name, body, old)
        if name == "ephemeralcontainers":
            return found + pod_errors(body) + ephemeral_update_errors(body["spec"], old["spec"])
        if name == "resize":
            return found + pod_errors(body) + resize_errors(body["spec"], old)
        return found + pod_status_errors(body, old)

    def warnings(self, body: Body) -> list[str]:
        problems = label_problems(body["metadata"]["name"])
        if not problems or body["metadata"].get("generation", 1) > 1:
            return []
        return [
            "metadata.name: this is used in the Pod's hostname, which can result in surprising "
            f"behavior; a DNS label is recommended: [{' '.join(problems)}]"
        ]

    def grace_period(self, body: Body, asked: int | None) -> int:
        spec = body["spec"]
        if not spec.get("nodeName") or body["status"].get("phase") in TERMINAL:
            return 0
        period = asked if asked is not None else spec.get("terminationGracePeriodSeconds", 0)
        return period if period >= 0 else 1

    def fields(self, body: Body) -> Mapping[str, str]:
        spec, status = body["spec"], body["status"]
        return {
            **super().fields(body),
            "spec.nodeName": spec.get("nodeName", ""),
            "spec.restartPolicy": spec.get("restartPolicy", ""),
            "spec.schedulerName": spec.get("schedulerName", ""),
            "spec.serviceAccountName": spec.get("serviceAccountName", ""),
            "spec.hostNetwork": "true" if spec.get("hostNetwork") else "false",
            "status.phase": status.get("phase", ""),
            "status.podIP": status.get("podIP", ""),
            "status.nominatedNodeName": status.get("nominatedNodeName", ""),
        }


def _link_addresses(status: Body) -> None:
    """The singular field is that of old clients, and wins when the two differ."""
    address, addresses = status.get("podIP"), status.get("podIPs", [])
    if address and (not addresses or addresses[0].get("ip") != address):
        status["podIPs"] = [{"ip": address}]
    elif addresses:
        status["podIP"] = addresses[0].get("ip", "")
