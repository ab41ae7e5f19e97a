"""Persistent volumes: defaults, one source that stays, the time of the last phase.

Source: pkg/registry/core/persistentvolume/strategy.go, SetDefaults_PersistentVolume,
ValidatePersistentVolume and ValidatePersistentVolumeUpdate,
plugin/pkg/admission/storage/storageobjectinuseprotection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.names import subdomain_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.strategies.go_diff import go_form, struct_diff
from fake_cloud.kube_api.strategies.volumes.node_affinity import affinity_errors, same_nodes
from fake_cloud.kube_api.strategies.volumes.sources import default_sources, source_errors
from fake_cloud.kube_api.strategies.volumes.warnings import volume_warnings
from fake_cloud.kube_api.system_fields import now
from fake_cloud.kube_api.types.quantity import number

COMMON = frozenset(
    {
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "nodeAffinity",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
        "volumeMode",
    }
)
"""Fields of a volume's spec that are not its source."""

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
RECLAIM_POLICIES = ("Delete", "Recycle", "Retain")
SHOWN = {"gcePersistentDisk": "persistentDisk"}
"""Sources whose fields are complained about under another name."""

IMMUTABLE = "field is immutable"


def protect(body: Body, finalizer: str) -> None:
    """StorageObjectInUseProtection."""
    finalizers = body["metadata"].setdefault("finalizers", [])
    if finalizer not in finalizers:
        finalizers.append(finalizer)


class VolumeStrategy(Strategy):
    """Volumes are retained and hold a file system unless they say otherwise."""

    whole_first = True

    def default(self, body: Body) -> None:
        body["status"].setdefault("phase", "Pending")
        body["spec"].setdefault("persistentVolumeReclaimPolicy", "Retain")
        body["spec"].setdefault("volumeMode", "Filesystem")
        default_sources(body["spec"])

    def admit(self, body: Body, old: Body | None) -> None:
        if old is None:
            protect(body, "kubernetes.io/pv-protection")

    def prepare_create(self, body: Body) -> None:
        body["status"] = {"phase": "Pending", "lastPhaseTransitionTime": now()}

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        super().prepare_subresource(name, body, old)
        status, before, field = body["status"], old["status"], "lastPhaseTransitionTime"
        if status.get("phase") == before.get("phase"):
            if not status.get(field) and field in before:
                status[field] = before[field]
        elif status.get(field) in (None, before.get(field)):
            status[field] = now()

    def validate(self, body: Body) -> list[FieldError]:
        return volume_spec_errors(body["spec"], "spec")

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        new, had = body["spec"], old["spec"]
        errors = self._source_update_errors(new, had)
        if new.get("volumeMode") != had.get("volumeMode"):
            errors.append(invalid_value("volumeMode", new.get("volumeMode"), IMMUTABLE))
        if not same_nodes(new.get("nodeAffinity"), had.get("nodeAffinity")):
            struct: Any = self.resource.struct.fields["spec"].schema
            shown = go_form(struct.fields["nodeAffinity"].schema, new.get("nodeAffinity"))
            why = f"{IMMUTABLE}, except for updating from beta label to GA"
            errors.append(invalid_value("nodeAffinity", shown, why))
        if "volumeAttributesClassName" in had and "volumeAttributesClassName" not in new:
            why = "update from non-nil value to nil is forbidden"
            errors.append(forbidden_field("spec.volumeAttributesClassName", why))
        return errors

    def _source_update_errors(self, new: Body, old: Body) -> list[FieldError]:
        """A secret for expansion may be added."""
        field = "controllerExpandSecretRef"
        if "csi" in new and "csi" in old and field not in old["csi"]:
            new = {**new, "csi": {k: v for k, v in new["csi"].items() if k != field}}
        if source_of(new) == source_of(old):
            return []
        struct: Any = self.resource.struct.fields["spec"].schema
        why = "spec.persistentvolumesource is immutable after creation\n"
        diff = struct_diff(struct, old, new, COMMON)
        return [forbidden_field("spec.persistentvolumesource", why + diff)]

    def warnings(self, body: Body) -> list[str]:
        return volume_warnings(body)

    def fields(self, body: Body) -> Mapping[str, str]:
        name = body["metadata"]["name"]
        return {**super().fields(body), "name": name}


def source_of(spec: Body) -> Body:
    return {field: value for field, value in spec.items() if field not in COMMON}


def volume_spec_errors(spec: Body, path: str) -> list[FieldError]:
    """Of a volume that is not inline."""
    errors = access_mode_errors(spec.get("accessModes", []), path)
    if not spec.get("accessModes"):
        errors.insert(0, required(f"{path}.accessModes"))
    errors += _capacity_errors(spec.get("capacity", {}), f"{path}.capacity")
    policy = spec.get("persistentVolumeReclaimPolicy", "")
    if policy not in RECLAIM_POLICIES:
        field = f"{path}.persistentVolumeReclaimPolicy"
        errors.append(not_supported(field, policy, RECLAIM_POLICIES))
    if "nodeAffinity" in spec:
        errors += affinity_errors(spec["nodeAffinity"], f"{path}.nodeAffinity")
    errors += _sources_errors(spec, path)
    return errors + class_and_mode_errors(spec, path)


def class_and_mode_errors(spec: Body, path: str) -> list[FieldError]:
    """Of volumes and of claims."""
    name = spec.get("storageClassName") or ""
    problems = subdomain_problems(name) if name else []
    errors = [invalid_value(f"{path}.storageClassName", name, problem) for problem in problems]
    if spec.get("volumeMode") not in VOLUME_MODES:
        field = f"{path}.volumeMode"
        errors.append(not_supported(field, spec.get("volumeMode", ""), VOLUME_MODES))
    return errors


def access_mode_errors(modes: list[str], path: str) -> list[FieldError]:
    """Of volumes and of claims."""
    field = f"{path}.accessModes"
    errors = [
        not_supported(field, mode, ACCESS_MODES) for mode in modes if mode not in ACCESS_MODES
    ]
    known = {mode for mode in modes if mode in ACCESS_MODES}
    if "ReadWriteOncePod" in known and len(known) > 1:
        why = "may not use ReadWriteOncePod with other access modes"
        errors.append(forbidden_field(field, why))
    return errors


def _capacity_errors(capacity: Body, path: str) -> list[FieldError]:
    errors = [] if capacity else [required(path)]
    if set(capacity) != {"storage"}:
        errors.append(not_supported(path, capacity or None, ("storage",)))
    for name, quantity in capacity.items():
        if number(quantity) <= 0:
            errors.append(invalid_value(f"{path}[{name}]", quantity, "must be greater than zero"))
    return errors


def _sources_errors(spec: Body, path: str) -> list[FieldError]:
    sources, errors = source_of(spec), []
    for index, (name, source) in enumerate(sources.items()):
        if index:
            why = "may not specify more than 1 volume type"
            errors.append(forbidden_field(f"{path}.{name}", why))
            continue
        place = f"{path}.{SHOWN.get(name, name)}"
        errors += source_errors(name, source, place)
        if name == "csi" and not source.get("volumeHandle"):
            errors.append(required(f"{place}.volumeHandle"))
    if "local" in sources and "nodeAffinity" not in spec:
        errors.append(required(f"{path}.nodeAffinity", "Local volume requires node affinity"))
    if not sources:
        errors.append(required(path, "must specify a volume type"))
    return errors
