"""PATCH: which kind, applied to the served form, decoded back into the type.

Follows k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from fake_cloud.kube_api.bodies.go_json import go_json_error
from fake_cloud.kube_api.bodies.reading import (
    NO_KIND,
    Kinds,
    media_type,
    no_conversion,
    not_registered,
    refuse_other_kind,
)
from fake_cloud.kube_api.bodies.strictness import repeated_field, repeated_keys, unknown_field
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.patch.json_patch import MAX_OPERATIONS, PatchFailed, json_patch
from fake_cloud.kube_api.patch.merge_patch import merge_patch
from fake_cloud.kube_api.patch.strategic_merge import MergeFailed, go_map, strategic_merge
from fake_cloud.kube_api.status_errors import (
    About,
    StatusError,
    bad_request,
    invalid,
    invalid_value,
    unsupported_patch_type,
)
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.types.schema import GO_TYPES, Mismatch, Path, go_name
from fake_cloud.kube_api.types.table import ResourceType

JSON_PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
NOBODY = About("", "", "")


Applied = tuple[Any, Callable[[], str], Callable[[Mismatch], str]]
"""The patched document, how an error shows the patch, how it words a mismatch."""


class Patch:
    """One patch request; `apply` may be called again on a newer object.

    Raises a 400 or 415 `StatusError` for what is no patch at all.
    """

    def __init__(
        self, request: Request, resource: ResourceType, validation: str, known: Kinds, minor: int
    ):
        self.warnings: list[str] = []
        self._resource, self._validation, self._known = resource, validation, known
        self._body = request.body
        apply = self._by_type().get(media_type(request))
        if apply is None:
            raise unsupported_patch_type(custom=resource.custom is not None)
        self._apply = apply
        try:
            msgspec.json.decode(self._body, type=msgspec.Raw)
        except msgspec.DecodeError as error:
            raise bad_request(_unreadable(request, minor, error)) from None

    def apply(self, current: Body) -> Body:
        """The patched object in its type. Raises `StatusError`: 400, 422, 500.

        `current` may be changed on the way. It loses its owners unless the patch speaks of them.
        """
        if b"managedFields" not in self._body:
            current["metadata"].pop("managedFields", None)
        patched, shown, worded = self._apply(current)
        unknown: list[Path] = []
        try:
            body: Body = self._resource.struct.decode(patched, unknown)
        except Mismatch as mismatch:
            raise _refused(shown(), worded(mismatch)) from None
        self.warnings = [*self._repeated(), *map(unknown_field, sorted(unknown))]
        if self.warnings and self._validation == "Strict":
            why = f"strict decoding error: {', '.join(self.warnings)}"
            raise _refused(shown(), why)
        if self._validation == "Ignore":
            self.warnings = []
        return {**body, "kind": self._resource.kind, "apiVersion": self._resource.api_version}

    def _repeated(self) -> list[str]:
        """Keys that come twice in the patch itself."""
        if self._validation == "Ignore":
            return []
        patch = msgspec.json.decode(self._body)
        prefix = "json patch " if isinstance(patch, list) else ""
        return [prefix + repeated_field(path) for path in repeated_keys(self._body, patch)]

    def _by_type(self) -> dict[str, Callable[[Body], Applied]]:
        known: dict[str, Callable[[Body], Applied]] = {JSON_PATCH: self._json, MERGE: self._merge}
        if self._resource.custom is None:
            known[STRATEGIC] = self._strategic
        return known

    def _json(self, current: Body) -> Applied:
        operations = msgspec.json.decode(self._body)
        if not isinstance(operations, list):
            text = "json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"
            raise bad_request(f"error decoding patch: {text}")
        if len(operations) > MAX_OPERATIONS:
            text = (
                f"The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, "
                f"got {len(operations)}"
            )
            raise StatusError(413, "RequestEntityTooLarge", f"Request entity too large: {text}")
        try:
            touched = _pointed(operations)
            return self._document(json_patch(current, operations), touched)
        except PatchFailed:
            message = "the server rejected our request due to an error in our request"
            raise StatusError(422, "Invalid", message, {}) from None

    def _merge(self, current: Body) -> Applied:
        patch = self._patch("error decoding patch: ")
        return self._document(merge_patch(current, patch), self._patch(""))

    def _document(self, patched: Any, touched: Body) -> Applied:
        """A document is decoded like a body. Its parts that were touched are shown sorted."""

        def shown() -> str:
            whole = patched if self._resource.custom else touched
            return encode(_sorted_where(patched, whole)).decode()

        if isinstance(patched, dict) and self._resource.custom:
            refuse_other_kind(patched, self._resource)
        elif isinstance(patched, dict):
            self._check_kind(patched, shown)
        return patched, shown, str

    def _check_kind(self, patched: Body, shown: Callable[[], str]) -> None:
        """A patch may not make another kind of the object."""
        for field in ("kind", "apiVersion"):
            value = patched.get(field)
            if not isinstance(value, str | None):
                where = f"into Go struct field .{field} of type string"
                why = f"{NO_KIND}json: cannot unmarshal {go_name(value)} {where}"
                raise _refused(shown(), why)
        kind = patched.get("kind") or self._resource.kind
        version = patched.get("apiVersion") or self._resource.api_version
        other = self._known.get((version, kind))
        if other is None:
            raise _refused(shown(), not_registered(kind, version))
        if other is not self._resource:
            try:
                other.struct.decode(patched, [])
            except Mismatch as mismatch:
                raise _refused(shown(), str(mismatch)) from None
            raise _refused(shown(), no_conversion(kind, self._resource))

    def _strategic(self, current: Body) -> Applied:
        try:
            patched = strategic_merge(current, self._patch(""), self._resource.struct)
        except MergeFailed as failure:
            if failure.code == 400:
                raise bad_request(str(failure)) from None
            raise StatusError(failure.code, "", str(failure)) from None
        return patched, lambda: go_map(msgspec.json.decode(self._body)), _conversion_error

    def _patch(self, prefix: str) -> Body:
        found = msgspec.json.decode(self._body)
        if not isinstance(found, dict):
            text = "json: cannot unmarshal array into Go value of type map[string]interface {}"
            raise bad_request(prefix + text)
        return found


CHECKED_FIRST = 37
"""From this minor on the server looks whether a patch is JSON before it does anything else."""


def _unreadable(request: Request, minor: int, error: msgspec.DecodeError) -> str:
    if minor >= CHECKED_FIRST:
        return "invalid JSON patch"
    prefix = "" if media_type(request) == STRATEGIC else "error decoding patch: "
    return prefix + go_json_error(request.body, error)


def _sorted_where(document: Any, touched: Any) -> Any:
    """Go sorts the maps that it took apart, and leaves the others as they were."""
    if not isinstance(document, dict) or not isinstance(touched, dict):
        return document
    return {key: _sorted_where(document[key], touched.get(key)) for key in sorted(document)}


def _pointed(operations: list[Body]) -> Body:
    """The maps on the way to what the operations point to."""
    touched: Body = {}
    for operation in operations:
        for field in ("path", "from"):
            place = touched
            for part in str(operation.get(field, "")).split("/")[1:-1]:
                place = place.setdefault(part, {})
    return touched


def _refused(shown: str, why: str) -> StatusError:
    return invalid(NOBODY, "", [invalid_value("patch", shown, why)])


def _conversion_error(mismatch: Mismatch) -> str:
    """Strategic patches are not decoded but converted: apimachinery pkg/runtime/converter.go."""
    if mismatch.text:
        return mismatch.text
    kinds: dict[type, str] = {dict: "map", list: "slice"}
    seen = kinds.get(type(mismatch.value), "")
    if mismatch.wanted.startswith("[]"):
        return f"cannot restore slice from {seen or GO_TYPES[type(mismatch.value)]}"
    if mismatch.wanted.startswith("map["):
        return f"cannot restore map from {seen or GO_TYPES[type(mismatch.value)]}"
    if mismatch.wanted in ("string", "bool", "int32", "int64", "float64"):
        return f"cannot convert {GO_TYPES[type(mismatch.value)]} to {mismatch.wanted}"
    return f"cannot restore struct from: {seen or GO_TYPES[type(mismatch.value)]}"
