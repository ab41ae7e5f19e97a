"""`scale`: the number of replicas as a Scale, whatever kind has them.

Source: ScaleREST in pkg/registry/apps/deployment/storage/storage.go and its kin,
pkg/apis/autoscaling/validation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from fake_cloud.kube_api.bodies.reading import (
    Kinds,
    dry_run,
    field_validation,
    media_type,
    read_object,
)
from fake_cloud.kube_api.custom_resources.scale import CustomScale
from fake_cloud.kube_api.custom_resources.scale_paths import value_at
from fake_cloud.kube_api.forms import from_storage, to_storage
from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.label_selector import as_text
from fake_cloud.kube_api.managed_fields.entries import without_times
from fake_cloud.kube_api.managed_fields.tracking import track
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import (
    About,
    conflict,
    invalid,
    invalid_value,
    not_found,
    unsupported_patch_type,
)
from fake_cloud.kube_api.store import decode, encode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.types.table import ResourceType
from fake_cloud.kube_api.writing.field_scopes import FieldScopes
from fake_cloud.kube_api.writing.identity import check_name
from fake_cloud.kube_api.writing.patching import STRATEGIC, Patch
from fake_cloud.kube_api.writing.write_options import writer_name
from fake_cloud.kube_api.writing.writes import UpdateOptions, Writer

SCALE = ("autoscaling/v1", "Scale")
COPIED = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
"""Metadata of the scaled object that its Scale has, too."""


class Scale(Protocol):
    """Where a kind has its number of replicas: at `path`, such as `.spec.replicas`."""

    @property
    def path(self) -> str: ...

    def replicas(self, body: Body) -> int: ...

    def status(self, body: Body) -> Body: ...

    def check_shown(self, body: Body) -> None:
        """Raises `StatusError` for an object that has no Scale."""
        ...

    def set(self, body: Body, replicas: int) -> None: ...


class WorkloadScale:
    """In the spec, with a selector beside it."""

    path = ".spec.replicas"

    def replicas(self, body: Body) -> int:
        return int(body["spec"].get("replicas", 0))

    def status(self, body: Body) -> Body:
        selector = body["spec"].get("selector")
        if body["kind"] == "ReplicationController":
            selector = {"matchLabels": selector or {}}
        text = as_text(selector)
        count = body["status"].get("replicas", 0)
        return {"replicas": count, **({"selector": text} if text else {})}

    def check_shown(self, body: Body) -> None:
        """Each has one."""

    def set(self, body: Body, replicas: int) -> None:
        body["spec"]["replicas"] = replicas


def scale_of_kind(resource: ResourceType) -> Scale:
    paths = resource.custom.scale if resource.custom else None
    return WorkloadScale() if paths is None else CustomScale(paths)


class Scaler:
    """Reads and writes the number of replicas alone."""

    def __init__(self, writer: Writer, scopes: FieldScopes, kinds: Kinds, minor: int):
        self._writer, self._scopes, self._kinds, self._minor = writer, scopes, kinds, minor

    def handle(self, request: Request, target: Target) -> Reply:
        """Raises `StatusError`: 400, 404, 409, 422."""
        if target.verb == "get":
            return self._get(target)
        if target.verb == "update":
            return self._update(request, target)
        return self._patch(request, target)

    def _get(self, target: Target) -> Reply:
        items = self._writer.collection(target.resource).items
        entry = items.get((target.namespace, target.name))
        if entry is None:
            raise not_found(target.about, target.name)
        body = from_storage(target.resource, decode(entry.data))
        scale_of_kind(target.resource).check_shown(body)
        return _reply(target, body)

    def _update(self, request: Request, target: Target) -> Reply:
        validation = field_validation(request, "UpdateOptions")
        dry = dry_run(request, "UpdateOptions")
        name = writer_name(request, "UpdateOptions")
        decoded = read_object(request, self._kinds[SCALE], validation, self._kinds)
        check_name(decoded.body, target)
        return self._scale(target, lambda _: decoded.body, name, dry=dry)

    def _patch(self, request: Request, target: Target) -> Reply:
        validation = field_validation(request, "PatchOptions")
        dry = dry_run(request, "PatchOptions")
        name = writer_name(request, "PatchOptions")
        if target.resource.custom and media_type(request) == STRATEGIC:
            raise unsupported_patch_type(custom=True)
        patch = Patch(request, self._kinds[SCALE], validation, self._kinds, self._minor)
        return self._scale(target, patch.apply, name, dry=dry)

    def _scale(
        self, target: Target, wanted: Callable[[Body], Body], name: str, *, dry: bool
    ) -> Reply:
        resource, kind = target.resource, scale_of_kind(target.resource)

        def change(data: bytes, old: Body) -> Body:
            current = from_storage(resource, decode(data))
            had = current["metadata"]["resourceVersion"]
            scale = wanted(scale_of(current, kind))
            check_name(scale, target)
            _check(scale, current, target)
            kind.set(current, scale["spec"].get("replicas", 0))
            # who names no version of a custom resource takes it as it is
            unnamed = had if resource.custom else ""
            version = scale["metadata"].get("resourceVersion", "") or unnamed
            current["metadata"]["resourceVersion"] = version
            changed = to_storage(resource, current)
            if _is_owned(old, kind.path):
                self._track(target, old, changed, name)
            return changed

        key = (target.namespace, target.name)
        written = self._writer.update(target.resource, key, change, UpdateOptions(dry_run=dry))
        return _reply(target, from_storage(target.resource, decode(written.entry.data)))

    def _track(self, target: Target, old: Body, new: Body, name: str) -> None:
        """On the way between the two versions the time gets lost: ScaleHandler.ToParent."""
        track(self._scopes.of(target), old, new, name)
        if "managedFields" in new["metadata"]:
            entries = without_times(new["metadata"]["managedFields"], target.subresource)
            new["metadata"]["managedFields"] = entries


def _is_owned(body: Body, path: str) -> bool:
    """A Scale without a single owner starts none: skipnonapplied.go in managedfields/internal."""
    names = [f"f:{name}" for name in path.split(".")[1:]]
    return any(
        value_at(entry.get("fieldsV1"), ".".join(names)) is not None
        for entry in body["metadata"].get("managedFields") or ()
    )


def scale_of(body: Body, kind: Scale) -> Body:
    """The Scale of one object."""
    metadata, replicas = body["metadata"], kind.replicas(body)
    return {
        "kind": SCALE[1],
        "apiVersion": SCALE[0],
        "metadata": {field: metadata[field] for field in COPIED if field in metadata},
        "spec": {"replicas": replicas} if replicas else {},
        "status": kind.status(body),
    }


def _reply(target: Target, body: Body) -> Reply:
    shown = scale_of(body, scale_of_kind(target.resource))
    return Reply(200, {"Content-Type": JSON}, encode(shown))


def _check(scale: Body, current: Body, target: Target) -> None:
    replicas = scale["spec"].get("replicas", 0)
    if replicas < 0 and target.resource.custom is None:
        why = "must be greater than or equal to 0"
        error = invalid_value("spec.replicas", replicas, why)
        raise invalid(About("autoscaling", "", "Scale"), target.name, [error])
    uid, had = scale["metadata"].get("uid"), current["metadata"]["uid"]
    if uid and uid != had:
        about = About(target.about.group, f"{target.about.plural}/scale", target.about.kind)
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {had}"
        raise conflict(about, target.name, why)
