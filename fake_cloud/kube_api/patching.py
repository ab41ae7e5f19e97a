"""PATCH: which kind, applied to the served form, decoded back into the type.

Follows k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from fake_cloud.kube_api.bodies import go_json_error, media_type
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
    unsupported_media_type,
)
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.types.schema import Mismatch, Path, dotted
from fake_cloud.kube_api.types.table import ResourceType

JSON_PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
SUPPORTED = (
    JSON_PATCH,
    MERGE,
    STRATEGIC,
    "application/apply-patch+yaml",
    "application/apply-patch+cbor",
)
NOBODY = About("", "", "")


class Patch:
    """One patch request; `apply` may be called again on a newer object."""

    def __init__(self, request: Request, resource: ResourceType, validation: str):
        self.warnings: list[str] = []
        self._resource, self._validation = resource, validation
        self._body, self._type = request.body, media_type(request)
        apply = self._by_type().get(self._type)
        if apply is None:
            raise unsupported_media_type(SUPPORTED)
        self._apply = apply

    def apply(self, current: Body) -> Body:
        """The patched object in its type. Raises `StatusError`: 400, 422, 500."""
        patched, shown = self._apply(current)
        unknown: list[Path] = []
        try:
            body: Body = self._resource.struct.decode(patched, unknown)
        except Mismatch as mismatch:
            raise self._refused(shown(), str(mismatch)) from None
        self.warnings = [f'unknown field "{dotted(path)}"' for path in sorted(unknown)]
        if self.warnings and self._validation == "Strict":
            raise self._refused(shown(), f"strict decoding error: {', '.join(self.warnings)}")
        if self._validation == "Ignore":
            self.warnings = []
        self._check_kind(body)
        return {**body, "kind": self._resource.kind, "apiVersion": self._resource.api_version}

    def _by_type(self) -> dict[str, Callable[[Body], tuple[Any, Callable[[], str]]]]:
        return {JSON_PATCH: self._json, MERGE: self._merge, STRATEGIC: self._strategic}

    def _json(self, current: Body) -> tuple[Any, Callable[[], str]]:
        operations = self._parse("error decoding patch: ")
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
            patched = json_patch(current, operations)
        except PatchFailed as failure:
            raise _unprocessable(str(failure)) from None
        return patched, lambda: encode(patched).decode()

    def _merge(self, current: Body) -> tuple[Any, Callable[[], str]]:
        patched = merge_patch(current, self._document("error decoding patch: "))
        return patched, lambda: encode(patched).decode()

    def _strategic(self, current: Body) -> tuple[Any, Callable[[], str]]:
        patch = self._document("")
        try:
            patched = strategic_merge(current, patch, self._resource.struct)
        except MergeFailed as failure:
            raise _merge_error(failure) from None
        return patched, lambda: go_map(self._parse(""))

    def _document(self, prefix: str) -> Body:
        found = self._parse(prefix)
        if not isinstance(found, dict):
            text = "json: cannot unmarshal array into Go value of type map[string]interface {}"
            raise bad_request(prefix + text)
        return found

    def _parse(self, prefix: str) -> Any:
        try:
            return msgspec.json.decode(self._body)
        except msgspec.DecodeError as error:
            raise bad_request(prefix + go_json_error(self._body, error)) from None

    def _check_kind(self, body: Body) -> None:
        kind, version = body.get("kind"), body.get("apiVersion")
        if self._type == STRATEGIC or (
            kind == self._resource.kind and version == self._resource.api_version
        ):
            return
        raise bad_request(
            f"the object provided is unrecognized (must be of type {self._resource.kind})"
        )

    def _refused(self, shown: str, why: str) -> StatusError:
        return invalid(NOBODY, "", [invalid_value("patch", shown, why)])


def _unprocessable(message: str) -> StatusError:
    status = "the server rejected our request due to an error in our request"
    details = {"causes": [{"reason": "UnexpectedServerResponse", "message": message}]}
    return StatusError(422, "Invalid", status, {} if not message else details)


def _merge_error(failure: MergeFailed) -> StatusError:
    if failure.code == 400:
        return bad_request(str(failure))
    return StatusError(failure.code, "", str(failure))
