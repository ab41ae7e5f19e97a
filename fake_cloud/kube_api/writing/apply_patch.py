"""Apply patches: which configuration, and what becomes of the object.

Follows `applyPatcher` in k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from fake_cloud.kube_api.bodies.go_yaml import load_yaml
from fake_cloud.kube_api.bodies.strictness import repeated_keys, repeated_yaml_keys
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.managed_fields.applying import ApplyConflict
from fake_cloud.kube_api.managed_fields.entries import Owner
from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, paths, shown_path
from fake_cloud.kube_api.managed_fields.last_applied import apply_as
from fake_cloud.kube_api.managed_fields.tracking import Scope
from fake_cloud.kube_api.managed_fields.typing_errors import typing_errors
from fake_cloud.kube_api.status_errors import (
    Cause,
    StatusError,
    apply_conflict,
    bad_request,
    internal,
)
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.types.schema import Mismatch, go_name
from fake_cloud.kube_api.types.table import ResourceType
from fake_cloud.kube_api.writing.write_options import forced

APPLY = "application/apply-patch+yaml"


class ApplyPatch:
    """One apply patch; `apply` may be called again on a newer object.

    Raises a 400 `StatusError` for what is no configuration at all.
    """

    def __init__(
        self,
        request: Request,
        scope: Scope,
        resource: ResourceType,
        name: str,
        validation: str,
        minor: int,
    ):
        self.warnings: list[str] = []
        self._scope, self._resource, self._name = scope, resource, name
        self._force, self._validation = forced(request), validation
        self._called = "patch" if minor >= CALLED_PATCH else "YAML"
        self._config = _configuration(request.body, minor)
        self._repeated = _repeated(request.body, self._config) if validation != "Ignore" else []

    def apply(self, live: Body) -> Body:
        """The merged object in its type, with its owners. `live` is empty if there is none yet.

        Raises `StatusError`: 400, 409, 500.
        """
        self._check()
        try:
            applied = apply_as(self._scope, live, self._config, self._name, force=self._force)
        except ApplyConflict as conflict:
            raise _refused(conflict.fields) from None
        self._warn()
        try:
            body: Body = self._resource.struct.decode(applied.body, [])
        except Mismatch as mismatch:
            raise internal(
                f"failed to convert new object {self._about(live)}: {mismatch}"
            ) from None
        body = {"metadata": {}, **body, "kind": self._resource.kind}
        body["apiVersion"] = self._resource.api_version
        if applied.entries:
            body["metadata"]["managedFields"] = applied.entries
        return body

    def _check(self) -> None:
        config, version = self._config, self._scope.version
        if (config.get("apiVersion"), config.get("kind")) != (version.api_version, version.kind):
            given = group_version_kind(config.get("apiVersion", ""), config.get("kind", ""))
            raise bad_request(f"invalid object type: {given}")
        if isinstance(config.get("metadata"), dict) and "managedFields" in config["metadata"]:
            raise bad_request("metadata.managedFields must be nil")
        if errors := typing_errors(version.shape, config):
            raise internal(f"failed to create typed patch object {self._about(config)}: {errors}")

    def _warn(self) -> None:
        """Of keys that come twice; after conflicts were looked for."""
        if self._repeated and self._validation == "Strict":
            lines = "".join(f"\n  {line}" for line in self._repeated)
            why = f"error converting YAML to JSON: yaml: unmarshal errors:{lines}"
            raise bad_request(f"error strict decoding {self._called}: {why}")
        self.warnings = self._repeated

    def _about(self, body: Body) -> str:
        metadata = body.get("metadata") or {}
        metadata = metadata if isinstance(metadata, dict) else {}
        version = self._scope.version
        kind = group_version_kind(version.api_version, version.kind)
        return f"({metadata.get('namespace', '')}/{metadata.get('name', '')}; {kind})"


def group_version_kind(api_version: str, kind: str) -> str:
    """As Go prints one: `/v1, Kind=Node`."""
    return f"{api_version if '/' in api_version else f'/{api_version}'}, Kind={kind}"


CALLED_PATCH = 37
"""From this minor on errors do not speak of YAML, and its syntax is looked at first."""


def _configuration(body: bytes, minor: int) -> Body:
    try:
        found = _document(body)
    except ValueError as error:
        if minor >= CALLED_PATCH:
            raise bad_request(f"error encoding patch: {error}") from None
        why = f"error converting YAML to JSON: {error}"
        raise bad_request(f"error decoding YAML: {why}") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        called = "patch" if minor >= CALLED_PATCH else "YAML"
        why = f"cannot unmarshal {go_name(found)} into Go value of type map[string]interface {{}}"
        text = f"error unmarshaling JSON: while decoding JSON: json: {why}"
        raise bad_request(f"error decoding {called}: {text}")
    return found


def _document(body: bytes) -> Any:
    """JSON is YAML, and what most clients send. Raises ValueError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return load_yaml(body)


def _repeated(body: bytes, config: Body) -> list[str]:
    """Keys that come twice, line by line."""
    try:
        once = not repeated_keys(body, config)
    except ValueError:
        once = False  # it is not JSON
    return [] if once else repeated_yaml_keys(body)


def _refused(conflicts: dict[Owner, FieldSet]) -> StatusError:
    """409 with one cause a field."""
    owners = sorted(conflicts, key=lambda owner: owner.identifier)
    found = [(owner, shown_path(path)) for owner in owners for path in paths(conflicts[owner])]
    causes = [_cause(owner, path) for owner, path in found]
    if len(found) == 1:
        ((owner, path),) = found
        return apply_conflict(
            f"Apply failed with 1 conflict: conflict with {owner}: {path}", causes
        )
    lines = list(_lines(owners, found))
    return apply_conflict(f"Apply failed with {len(found)} conflicts: " + "\n".join(lines), causes)


def _cause(owner: Owner, path: str) -> Cause:
    return {"reason": "FieldManagerConflict", "message": f"conflict with {owner}", "field": path}


def _lines(owners: Iterable[Owner], found: list[tuple[Owner, str]]) -> Iterable[str]:
    for owner in owners:
        yield f"conflicts with {owner}:"
        yield from (f"- {path}" for one, path in found if one == owner)
