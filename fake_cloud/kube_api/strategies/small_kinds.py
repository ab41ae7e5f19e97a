"""Kinds with one or two rules of their own.

Sources: pkg/registry/{core,coordination}/*/strategy.go, pkg/apis/*/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Mapping

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, field_set
from fake_cloud.kube_api.metadata import NOT_STANDARD, STANDARD_FINALIZERS
from fake_cloud.kube_api.names import (
    config_key_problems,
    label_problems,
)
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
)
from fake_cloud.kube_api.strategies.generic import Body, Strategy, restore
from fake_cloud.kube_api.types.table import ResourceType

IMMUTABLE_WHEN_SET = "field is immutable when `immutable` is set"


class ConfigMapStrategy(Strategy):
    """Keys are checked; a map that is immutable stays as it is."""

    contents: tuple[str, ...] = ("data", "binaryData")

    def validate(self, body: Body) -> list[FieldError]:
        errors = []
        for part in self.contents:
            for key in body.get(part, {}):
                path = f"{part}[{key}]"
                errors += [invalid_value(path, key, p) for p in config_key_problems(key)]
                if part == "data" and key in body.get("binaryData", {}):
                    why = "duplicate of key present in binaryData"
                    errors.append(invalid_value(path, key, why))
        return errors

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        return self.immutable_errors(body, old)

    def immutable_errors(self, body: Body, old: Body) -> list[FieldError]:
        if not old.get("immutable"):
            return []
        errors = []
        if not body.get("immutable"):
            errors.append(forbidden_field("immutable", IMMUTABLE_WHEN_SET))
        errors += [
            forbidden_field(part, IMMUTABLE_WHEN_SET)
            for part in self.contents
            if body.get(part) != old.get(part)
        ]
        return errors


class NamespaceStrategy(Strategy):
    """Namespaces start Active, with a finalizer and a label that carries their name."""

    removed_by_controller = True

    def __init__(self, resource: ResourceType, minor: int):
        super().__init__(resource, minor)
        self.name_rule = label_problems

    def default(self, body: Body) -> None:
        name = body["metadata"].get("name")
        if name:
            labels = body["metadata"].setdefault("labels", {})
            labels["kubernetes.io/metadata.name"] = name
        body["status"].setdefault("phase", "Active")

    def prepare_create(self, body: Body) -> None:
        body["status"] = {"phase": "Active"}
        finalizers = body["spec"].setdefault("finalizers", [])
        if "kubernetes" not in finalizers:
            finalizers.append("kubernetes")

    def prepare_update(self, body: Body, old: Body) -> None:
        body["spec"], body["status"] = old["spec"], old["status"]

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        """`/finalize` changes the finalizers in the spec, `/status` the status."""
        restore(body, old, "status" if name == "finalize" else "spec")

    def condemn(self, body: Body) -> None:
        body["status"]["phase"] = "Terminating"

    def reset_fields(self, subresource: str) -> FieldSet:
        return field_set("spec" if subresource == "status" else "status")

    def finished(self, body: Body) -> bool:
        return super().finished(body) and not body["spec"].get("finalizers")

    def subresource_errors(self, name: str, body: Body, old: Body) -> list[FieldError]:
        finalizers = body["spec"].get("finalizers", [])
        return super().subresource_errors(name, body, old) + [
            invalid_value(f"spec.finalizers[{index}]", finalizer, NOT_STANDARD)
            for index, finalizer in enumerate(finalizers)
            if "/" not in finalizer and finalizer not in STANDARD_FINALIZERS
        ]

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:
        deleting = "deletionTimestamp" in old["metadata"]
        phase = body["status"].get("phase")
        if not deleting and phase == "Terminating":
            why = "may only be 'Active' if `deletionTimestamp` is empty"
            return [invalid_value("status.Phase", phase, why)]
        if deleting and phase != "Terminating":
            why = "may only be 'Terminating' if `deletionTimestamp` is not empty"
            return [invalid_value("status.Phase", phase, why)]
        return []

    def fields(self, body: Body) -> Mapping[str, str]:
        phase = body["status"].get("phase", "")
        return {**super().fields(body), "status.phase": phase}


GATED = ("strategy", "preferredHolder")
"""Fields of leases behind the feature CoordinatedLeaderElection, which is off by default."""


class LeaseStrategy(Strategy):
    """Leases can be made by PUT and need a resourceVersion to be changed."""

    create_on_update = True
    unconditional_update = False
    core = False

    def prepare_create(self, body: Body) -> None:
        for field in GATED:
            body["spec"].pop(field, None)

    def prepare_update(self, body: Body, old: Body) -> None:
        for field in GATED:
            if field not in old["spec"]:
                body["spec"].pop(field, None)

    def validate(self, body: Body) -> list[FieldError]:
        spec, errors = body["spec"], []
        duration = spec.get("leaseDurationSeconds")
        if duration is not None and duration <= 0:
            errors.append(
                invalid_value("spec.leaseDurationSeconds", duration, "must be greater than 0")
            )
        transitions = spec.get("leaseTransitions")
        if transitions is not None and transitions < 0:
            why = "must be greater than or equal to 0"
            errors.append(invalid_value("spec.leaseTransitions", transitions, why))
        return errors


class PutCreatesStrategy(Strategy):
    """Kinds without rules here that a PUT may create."""

    create_on_update = True


class StrictVersionStrategy(Strategy):
    """Kinds without rules here whose updates must name a resourceVersion."""

    unconditional_update = False


class WithGenerationStrategy(Strategy):
    """Kinds whose `metadata.generation` counts changes of the spec."""

    has_generation = True
