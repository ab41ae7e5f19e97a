"""Storage classes, attachments, and what nodes and clusters know of CSI drivers.

Source: pkg/registry/storage, pkg/apis/storage/v1/defaults.go, pkg/apis/storage/validation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, field_set
from fake_cloud.kube_api.names import qualified_name_problems, subdomain_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from fake_cloud.kube_api.strategies.generic import Body, Strategy, restore
from fake_cloud.kube_api.strategies.go_diff import go_form
from fake_cloud.kube_api.strategies.volumes.sources import driver_name_errors
from fake_cloud.kube_api.strategies.volumes.warnings import class_warnings

IMMUTABLE = "field is immutable"
BINDING_MODES = ("Immediate", "WaitForFirstConsumer")
RECLAIM_POLICIES = ("Delete", "Retain")
GROUP_POLICIES = ("File", "None", "ReadWriteOnceWithFSType")
LIFECYCLES = ("Ephemeral", "Persistent")
LONGEST_NODE_ID = 256
LONGEST_ERROR = 1024
MOST_PARAMETER_BYTES = 256 * 1024
SAME_WORDS = 36
"""Before this minor some fields of classes are forbidden to change in words of their own."""

DECLARATIVE = 37
"""From this minor on declarative validation says which fields do not change."""

CASELESS = (
    ("a lowercase RFC 1123", "an RFC 1123"),
    ("of lower case alphanumeric", "of alphanumeric"),
    ("'example.com'", "'Example.com'"),
)
LIMITS_SCALE = 37
"""From this minor on drivers have preventPodSchedulingIfMissing: feature VolumeLimitScaling."""


def immutable(field: str, value: object, minor: int) -> FieldError:
    """Declarative validation shows no value."""
    return invalid_value(field, None if minor >= DECLARATIVE else value, IMMUTABLE)


class StorageClassStrategy(Strategy):
    """Classes say how volumes are made; only labels, expansion and topologies may change."""

    whole_first = True

    def default(self, body: Body) -> None:
        body.setdefault("reclaimPolicy", "Delete")
        body.setdefault("volumeBindingMode", "Immediate")

    def validate(self, body: Body) -> list[FieldError]:
        provisioner, parameters = body.get("provisioner", ""), body.get("parameters", {})
        missing = [] if provisioner else [required("provisioner")]
        errors = [] if self.minor >= DECLARATIVE else list(missing)
        if provisioner:
            problems = qualified_name_problems(provisioner.lower())
            errors += [invalid_value("provisioner", provisioner.lower(), p) for p in problems]
        if "" in parameters:
            errors.append(invalid_value("parameters", "", "field can not be empty."))
        if sum(len(k) + len(v) for k, v in parameters.items()) > MOST_PARAMETER_BYTES:
            errors.append(too_long("parameters", MOST_PARAMETER_BYTES))
        policy, mode = body.get("reclaimPolicy"), body.get("volumeBindingMode")
        if policy not in RECLAIM_POLICIES:
            errors.append(not_supported("reclaimPolicy", policy, RECLAIM_POLICIES))
        if mode not in BINDING_MODES:
            errors.append(not_supported("volumeBindingMode", mode, BINDING_MODES))
        return errors + missing if self.minor >= DECLARATIVE else errors

    def warnings(self, body: Body) -> list[str]:
        return class_warnings(body)

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        return [
            self._changed(field, body.get(field))
            for field in ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")
            if body.get(field) != old.get(field)
        ]

    def _changed(self, field: str, value: object) -> FieldError:
        if self.minor < SAME_WORDS and field != "volumeBindingMode":
            return forbidden_field(field, f"updates to {field} are forbidden.")
        return immutable(field, value, self.minor)


class StatusAloneStrategy(Strategy):
    """Kinds whose `/status` writes nothing else: ResetObjectMetaForStatus keeps the metadata."""

    unconditional_update = False
    whole_first = True

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        super().prepare_subresource(name, body, old)
        for field in ("labels", "annotations", "finalizers", "ownerReferences"):
            restore(body["metadata"], old["metadata"], field)

    def reset_fields(self, subresource: str) -> FieldSet:
        return field_set("spec", "metadata") if subresource else field_set("status")


class AttachmentStrategy(StatusAloneStrategy):
    """Attachments tell an attacher what to do."""

    def validate(self, body: Body) -> list[FieldError]:
        spec = body["spec"]
        node, name = spec.get("nodeName", ""), spec["source"].get("persistentVolumeName")
        attacher = driver_name_errors(spec.get("attacher", ""), "spec.attacher")
        errors = _source_errors(spec["source"])
        errors += [invalid_value("spec.nodeName", node, p) for p in subdomain_problems(node)]
        volume = [
            invalid_value("spec.source.persistentVolumeName", name, problem)
            for problem in (subdomain_problems(name) if name is not None else [])
        ]
        if self.minor >= DECLARATIVE:
            return [*errors, *volume, *map(_without_case, attacher)]
        if self.minor >= SAME_WORDS:
            return [*attacher, *errors, *volume]
        first = [] if spec.get("attacher") else [required("spec.attacher")]
        return [*first, *errors, *attacher, *volume]

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        if body["spec"] == old["spec"]:
            return []
        struct: Any = self.resource.struct.fields["spec"].schema
        return [immutable("spec", go_form(struct, body["spec"]), self.minor)]

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:  # noqa: ARG002
        return [
            too_long(f"status.{field}.message", LONGEST_ERROR)
            for field in ("attachError", "detachError")
            if len(body["status"].get(field, {}).get("message", "")) > LONGEST_ERROR
        ]


def _without_case(error: FieldError) -> FieldError:
    """The words of declarative validation for names that may have capitals."""
    text = error.text
    for plain, caseless in CASELESS:
        text = text.replace(plain, caseless)
    return replace(error, text=text)


def _source_errors(source: Body) -> list[FieldError]:
    why = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"
    given = [f for f in ("inlineVolumeSpec", "persistentVolumeName") if f in source]
    if not given:
        return [required("spec.source", why)]
    if len(given) > 1:
        return [forbidden_field("spec.source", why)]
    if "persistentVolumeName" in source and not source["persistentVolumeName"]:
        why = "must specify non empty persistentVolumeName"
        return [required("spec.source.persistentVolumeName", why)]
    return []


class NodeDriversStrategy(StatusAloneStrategy):
    """CSINode: the drivers of a node; entries do not change but for their room."""

    def validate(self, body: Body) -> list[FieldError]:
        errors, names = [], set()
        for index, driver in enumerate(body["spec"].get("drivers") or []):
            path, name = f"spec.drivers[{index}]", driver.get("name", "")
            errors += _driver_errors(driver, path)
            if name in names:
                errors.append(duplicate(f"{path}.name", name))
            names.add(name)
        return errors

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        before = {driver["name"]: driver for driver in old["spec"].get("drivers") or []}
        struct: Any = self.resource.struct.fields["spec"].schema
        item = struct.fields["drivers"].schema.item
        return [
            invalid_value("spec.drivers", go_form(item, _without_room(driver)), IMMUTABLE)
            for driver in body["spec"].get("drivers") or []
            if driver["name"] in before
            and _without_room(driver) != _without_room(before[driver["name"]])
        ]


def _without_room(driver: Body) -> Body:
    return {field: value for field, value in driver.items() if field != "allocatable"}


def _driver_errors(driver: Body, path: str) -> list[FieldError]:
    errors = driver_name_errors(driver.get("name", ""), f"{path}.name")
    identity = driver.get("nodeID", "")
    if not identity:
        errors.append(required(f"{path}.nodeID"))
    if len(identity) > LONGEST_NODE_ID:
        why = f"must be {LONGEST_NODE_ID} characters or less"
        errors.append(invalid_value(f"{path}.nodeID", identity, why))
    count = driver.get("allocatable", {}).get("count", 0)
    if count < 0:
        why = "must be greater than or equal to 0"
        errors.append(invalid_value(f"{path}.allocatable.count", count, why))
    keys = driver.get("topologyKeys") or []
    for index, key in enumerate(keys):
        if not key:
            errors.append(required(path))
        if key in keys[:index]:
            errors.append(duplicate(path, key))
        errors += [invalid_value(path, key, problem) for problem in qualified_name_problems(key)]
    return errors


class DriverStrategy(Strategy):
    """CSIDriver: what the cluster knows of one driver."""

    unconditional_update = False
    whole_first = True

    def default(self, body: Body) -> None:
        spec = body["spec"]
        spec.setdefault("attachRequired", True)
        spec.setdefault("podInfoOnMount", False)
        spec.setdefault("storageCapacity", False)
        spec.setdefault("fsGroupPolicy", "ReadWriteOnceWithFSType")
        if not spec.get("volumeLifecycleModes"):
            spec["volumeLifecycleModes"] = ["Persistent"]
        spec.setdefault("requiresRepublish", False)
        spec.setdefault("seLinuxMount", False)
        if self.minor >= LIMITS_SCALE:
            spec.setdefault("preventPodSchedulingIfMissing", False)

    def prepare_update(self, body: Body, old: Body) -> None:
        if body["spec"] != old["spec"]:
            body["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1

    def validate(self, body: Body) -> list[FieldError]:
        spec, errors = body["spec"], []
        policy = spec.get("fsGroupPolicy")
        if policy not in GROUP_POLICIES:
            errors.append(not_supported("spec.fsGroupPolicy", policy, GROUP_POLICIES))
        return errors + [
            not_supported("spec.volumeLifecycleModes", mode, LIFECYCLES)
            for mode in spec["volumeLifecycleModes"]
            if mode not in LIFECYCLES
        ]

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        new, had, errors = body["spec"], old["spec"], []
        if new.get("attachRequired") != had.get("attachRequired"):
            errors.append(
                invalid_value("spec.attachedRequired", new.get("attachRequired"), IMMUTABLE)
            )
        field = "volumeLifecycleModes"
        if new.get(field) != had.get(field):
            errors.append(invalid_value(f"spec.{field}", new.get(field), IMMUTABLE))
        return errors
