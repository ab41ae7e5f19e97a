"""From `kubectl apply` of the client's side to that of the server: the annotation of the former.

Follows k8s.io/apimachinery/pkg/util/managedfields/internal/lastapplied{,manager,updater}.go.
"""

from __future__ import annotations

from typing import Any

import msgspec

from fake_cloud.kube_api.managed_fields.applying import Applied, ApplyConflict, apply
from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, difference
from fake_cloud.kube_api.managed_fields.ownable import applied_set, compare
from fake_cloud.kube_api.managed_fields.path_elements import HTML
from fake_cloud.kube_api.managed_fields.tracking import Scope
from fake_cloud.kube_api.managed_fields.typing_errors import typing_errors
from fake_cloud.kube_api.managed_fields.versions import Body

ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"
KUBECTL = "kubectl"
"""The one applier whose annotation is looked at and kept up to date."""

ANNOTATIONS_LIMIT = 256 * 1024
"""Bytes: k8s.io/apimachinery/pkg/api/validation, TotalAnnotationSizeLimitB."""


def apply_as(scope: Scope, live: Body, config: Body, name: str, *, force: bool) -> Applied:
    """As `apply`; what kubectl owns by the annotation is no conflict for kubectl."""
    if name != KUBECTL:
        return apply(scope, live, config, name, force=force)
    try:
        applied = apply(scope, live, config, name, force=force)
    except ApplyConflict as conflict:
        others = _without(conflict.fields, _owned_by_annotation(scope, live))
        if others:
            raise ApplyConflict(others) from None
        applied = apply(scope, live, config, name, force=True)
    _keep_annotation(applied.body, config)
    return applied


def _without(conflicts: dict[Any, FieldSet], allowed: FieldSet) -> dict[Any, FieldSet]:
    left = {owner: difference(fields, allowed) for owner, fields in conflicts.items()}
    return {owner: fields for owner, fields in left.items() if fields}


def _owned_by_annotation(scope: Scope, live: Body) -> FieldSet:
    """What the annotation says and the object still has."""
    version = scope.version
    text = (live.get("metadata", {}).get("annotations") or {}).get(ANNOTATION)
    try:
        last = msgspec.json.decode(text or "", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
    if last.get("apiVersion") != scope.api_version or typing_errors(version.shape, last):
        return {}
    changes = compare(version.shape, last, live)
    return difference(
        difference(applied_set(version.shape, last), changes.written), changes.removed
    )


def _keep_annotation(body: Body, config: Body) -> None:
    annotations = body.get("metadata", {}).get("annotations") or {}
    if not annotations.get(ANNOTATION):
        return
    kept = {**annotations, ANNOTATION: _as_annotation(config)}
    if sum(len(f"{key}{value}".encode()) for key, value in kept.items()) > ANNOTATIONS_LIMIT:
        del kept[ANNOTATION]
    body["metadata"] = {**body["metadata"], "annotations": kept}


def _as_annotation(config: Body) -> str:
    """The configuration without its own annotation, as Go writes maps."""
    metadata = dict(config.get("metadata") or {})
    annotations = metadata.pop("annotations", None)
    if annotations is not None:
        kept = {key: value for key, value in annotations.items() if key != ANNOTATION}
        metadata["annotations"] = kept
    encoded = msgspec.json.encode({**config, "metadata": metadata}, order="sorted")
    return encoded.decode().translate(HTML) + "\n"
