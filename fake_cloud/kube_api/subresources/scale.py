"""`scale`: the number of replicas as a Scale, whatever kind has them.

Source: ScaleREST in pkg/registry/apps/deployment/storage/storage.go and its kin,
pkg/apis/autoscaling/validation.
"""

from __future__ import annotations

from collections.abc import Callable

from fake_cloud.kube_api.bodies import Kinds, dry_run, field_validation, read_object
from fake_cloud.kube_api.field_scopes import FieldScopes
from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.identity import check_name
from fake_cloud.kube_api.label_selector import as_text
from fake_cloud.kube_api.managed_fields.entries import without_times
from fake_cloud.kube_api.managed_fields.tracking import track
from fake_cloud.kube_api.patching import Patch
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import About, conflict, invalid, invalid_value, not_found
from fake_cloud.kube_api.store import decode, encode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.write_options import writer_name
from fake_cloud.kube_api.writes import UpdateOptions, Writer

SCALE = ("autoscaling/v1", "Scale")
COPIED = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
"""Metadata of the scaled object that its Scale has, too."""


class Scaler:
    """Reads and writes `spec.replicas` alone."""

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
        return _reply(decode(entry.data))

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
        patch = Patch(request, self._kinds[SCALE], validation, self._kinds, self._minor)
        return self._scale(target, patch.apply, name, dry=dry)

    def _scale(
        self, target: Target, wanted: Callable[[Body], Body], name: str, *, dry: bool
    ) -> Reply:
        def change(current: Body, old: Body) -> Body:
            scale = wanted(scale_of(current))
            check_name(scale, target)
            _check(scale, current, target)
            current["spec"]["replicas"] = scale["spec"].get("replicas", 0)
            current["metadata"]["resourceVersion"] = scale["metadata"].get("resourceVersion", "")
            self._track(target, old, current, name)
            return current

        key = (target.namespace, target.name)
        written = self._writer.update(target.resource, key, change, UpdateOptions(dry_run=dry))
        return _reply(decode(written.entry.data))

    def _track(self, target: Target, old: Body, new: Body, name: str) -> None:
        """On the way between the two versions the time gets lost: ScaleHandler.ToParent."""
        track(self._scopes.of(target), old, new, name)
        if "managedFields" in new["metadata"]:
            entries = without_times(new["metadata"]["managedFields"], target.subresource)
            new["metadata"]["managedFields"] = entries


def scale_of(body: Body) -> Body:
    """The Scale of one object."""
    metadata, selector = body["metadata"], body["spec"].get("selector")
    if body["kind"] == "ReplicationController":
        selector = {"matchLabels": selector or {}}
    replicas, text = body["spec"].get("replicas", 0), as_text(selector)
    return {
        "kind": SCALE[1],
        "apiVersion": SCALE[0],
        "metadata": {field: metadata[field] for field in COPIED if field in metadata},
        "spec": {"replicas": replicas} if replicas else {},
        "status": {
            "replicas": body["status"].get("replicas", 0),
            **({"selector": text} if text else {}),
        },
    }


def _reply(body: Body) -> Reply:
    return Reply(200, {"Content-Type": JSON}, encode(scale_of(body)))


def _check(scale: Body, current: Body, target: Target) -> None:
    replicas = scale["spec"].get("replicas", 0)
    if replicas < 0:
        why = "must be greater than or equal to 0"
        error = invalid_value("spec.replicas", replicas, why)
        raise invalid(About("autoscaling", "", "Scale"), target.name, [error])
    uid, had = scale["metadata"].get("uid"), current["metadata"]["uid"]
    if uid and uid != had:
        about = About(target.about.group, f"{target.about.plural}/scale", target.about.kind)
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {had}"
        raise conflict(about, target.name, why)
