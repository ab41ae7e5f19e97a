"""Claims of volumes: the default class, a spec that stays, sizes that grow.

Source: pkg/registry/core/persistentvolumeclaim/strategy.go, ValidatePersistentVolumeClaimUpdate,
plugin/pkg/admission/storage/{storageclass/setdefault,persistentvolume/resize}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.requests import about
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden,
    forbidden_field,
    invalid_value,
    required,
)
from fake_cloud.kube_api.store import Store, decode
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.strategies.go_diff import struct_diff
from fake_cloud.kube_api.strategies.selector_validation import label_selector_errors
from fake_cloud.kube_api.strategies.volumes.volumes import (
    access_mode_errors,
    class_and_mode_errors,
    protect,
)
from fake_cloud.kube_api.types.quantity import number
from fake_cloud.kube_api.types.table import ResourceType

CLASS = "volume.beta.kubernetes.io/storage-class"
DEFAULT_CLASS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)
IMMUTABLE = "field is immutable"
SPEC_IMMUTABLE = (
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for "
    "bound claims\n"
)
RESTORABLE = {("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot")}
"""What `dataSource` may name; anything else is dropped, as it always was."""


def default_claim(claim: Body) -> None:
    """Of claims, and of their templates in stateful sets."""
    claim["status"].setdefault("phase", "Pending")
    claim["spec"].setdefault("volumeMode", "Filesystem")
    for field in ("dataSource", "dataSourceRef"):
        if field in claim["spec"]:
            claim["spec"][field] = {"apiGroup": None, **claim["spec"][field]}


class ClaimStrategy(Strategy):
    """Claims wait for a volume."""

    whole_first = True

    def __init__(self, resource: ResourceType, minor: int, store: Store):
        super().__init__(resource, minor)
        self._store = store

    def default(self, body: Body) -> None:
        default_claim(body)

    def admit(self, body: Body, old: Body | None) -> None:
        if old is not None:
            return
        protect(body, "kubernetes.io/pvc-protection")
        if class_of(body) is None and (name := self._default_class()):
            body["spec"]["storageClassName"] = name

    def _default_class(self) -> str:
        """The newest one that is marked as default."""
        entries = self._store.collection("storage.k8s.io", "storageclasses").entries()
        marked = [
            metadata
            for metadata in (decode(entry.data)["metadata"] for entry in entries)
            if any(metadata.get("annotations", {}).get(key) == "true" for key in DEFAULT_CLASS)
        ]
        marked.sort(key=lambda metadata: str(metadata["name"]))
        marked.sort(key=lambda metadata: str(metadata["creationTimestamp"]), reverse=True)
        return str(marked[0]["name"]) if marked else ""

    def refuse(self, body: Body, old: Body | None) -> None:
        """Only what a class allows to grow may grow."""
        if old is None or _size(body) <= _size(old):
            return
        name, had = class_of(body), class_of(old)
        entry = self._store.collection("storage.k8s.io", "storageclasses").items.get(
            ("", name or "")
        )
        if name != had or entry is None or not decode(entry.data).get("allowVolumeExpansion"):
            why = (
                "only dynamically provisioned pvc can be resized and the storageclass that "
                "provisions the pvc must support resize"
            )
            raise forbidden(about(self.resource), body["metadata"]["name"], why)

    def prepare_create(self, body: Body) -> None:
        body["status"] = {"phase": "Pending"}
        _link_sources(body["spec"], had=False)

    def prepare_update(self, body: Body, old: Body) -> None:
        super().prepare_update(body, old)
        _link_sources(
            body["spec"], had="dataSource" in old["spec"] or "dataSourceRef" in old["spec"]
        )

    def validate(self, body: Body) -> list[FieldError]:
        return claim_spec_errors(body["spec"], "spec")

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        errors = []
        new_class, had_class = (
            b["metadata"].get("annotations", {}).get(CLASS, "") for b in (body, old)
        )
        if new_class != had_class and not _named_as_annotated(body, old):
            field = f"metadata.annotations[{CLASS}]"
            errors.append(invalid_value(field, new_class, IMMUTABLE))
        errors += self._spec_update_errors(body, old)
        errors += _size_errors(body, old)
        mode = body["spec"].get("volumeMode")
        if mode != old["spec"].get("volumeMode"):
            errors.append(invalid_value("volumeMode", mode, IMMUTABLE))
        return errors

    def _spec_update_errors(self, body: Body, old: Body) -> list[FieldError]:
        """Once a volume and a class may be named; bound claims may grow."""
        new, had = dict(body["spec"]), dict(old["spec"])
        if "volumeName" not in had and "volumeName" in new:
            had["volumeName"] = new["volumeName"]
        named = old["metadata"].get("annotations", {}).get(CLASS)
        if "storageClassName" not in had and named in (None, new.get("storageClassName")):
            new.pop("storageClassName", None)
        if body["status"].get("phase") == "Bound":
            _take(new, had, "volumeAttributesClassName")
            size = had["resources"].get("requests", {}).get("storage")
            requests = {**new["resources"].get("requests", {}), "storage": size}
            new["resources"] = {**new["resources"], "requests": requests}
        if new == had:
            return []
        struct: Any = self.resource.struct.fields["spec"].schema
        return [forbidden_field("spec", SPEC_IMMUTABLE + struct_diff(struct, had, new))]

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:  # noqa: ARG002
        return [
            invalid_value(f"status.capacity[{name}]", quantity, "must be a valid resource quantity")
            for name, quantity in body["status"].get("capacity", {}).items()
            if number(quantity) < 0
        ]

    def fields(self, body: Body) -> Mapping[str, str]:
        return {**super().fields(body), "name": body["metadata"]["name"]}


def class_of(claim: Body) -> str | None:
    """The annotation is that of old clients, and wins."""
    annotated = claim["metadata"].get("annotations", {}).get(CLASS)
    found: str | None = (
        annotated if annotated is not None else claim["spec"].get("storageClassName")
    )
    return found


def _named_as_annotated(body: Body, old: Body) -> bool:
    """The class moves from the annotation into the spec."""
    annotated = old["metadata"].get("annotations", {}).get(CLASS)
    now = body["metadata"].get("annotations", {}).get(CLASS, annotated)
    named = body["spec"].get("storageClassName")
    return "storageClassName" not in old["spec"] and annotated == named == now


def _take(new: Body, old: Body, field: str) -> None:
    new.pop(field, None)
    if field in old:
        new[field] = old[field]


def _size(claim: Body) -> Any:
    return number(claim["spec"]["resources"].get("requests", {}).get("storage", "0"))


def _size_errors(body: Body, old: Body) -> list[FieldError]:
    """A claim shrinks only while it has not become that big."""
    size, had = _size(body), number(old["status"].get("capacity", {}).get("storage", "0"))
    if size < _size(old) and size <= had:
        why = "field can not be less than status.capacity"
        return [forbidden_field("spec.resources.requests.storage", why)]
    return []


def _link_sources(spec: Body, *, had: bool) -> None:
    """Both fields for the source of the data say the same, but across namespaces."""
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    named = source and (source.get("apiGroup") or "", source.get("kind"))
    if source and not reference and not had and named not in RESTORABLE:
        del spec["dataSource"]
    elif source and not reference:
        spec["dataSourceRef"] = dict(source)
    elif reference and not source and not reference.get("namespace"):
        spec["dataSource"] = {k: v for k, v in reference.items() if k != "namespace"}


def claim_spec_errors(spec: Body, path: str) -> list[FieldError]:
    errors = []
    if not spec.get("accessModes"):
        errors.append(required(f"{path}.accessModes", "at least 1 access mode is required"))
    errors += label_selector_errors(spec.get("selector"), f"{path}.selector")
    errors += access_mode_errors(spec.get("accessModes") or [], path)
    size = spec["resources"].get("requests", {}).get("storage")
    if size is None:
        errors.append(required(f"{path}.resources[storage]"))
    elif number(size) <= 0:
        errors.append(
            invalid_value(f"{path}.resources[storage]", size, "must be greater than zero")
        )
    errors += class_and_mode_errors(spec, path)
    return errors + _data_source_errors(spec, path)


def _data_source_errors(spec: Body, path: str) -> list[FieldError]:
    errors = []
    for field in ("dataSource", "dataSourceRef"):
        source = spec.get(field)
        if source is None:
            continue
        place = f"{path}.{field}"
        errors += [required(f"{place}.{part}") for part in ("name", "kind") if not source.get(part)]
        if not source.get("apiGroup") and source.get("kind") not in (
            "",
            None,
            "PersistentVolumeClaim",
        ):
            why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
            errors.append(invalid_value(place, source["kind"], why))
    return errors
