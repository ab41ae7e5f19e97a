"""The rules of custom resources: schema, status, generation, defaults.

Follows k8s.io/apiextensions-apiserver/pkg/registry/customresource.
"""

# ruff: noqa: ARG002 - as in the generic strategy

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.custom_resources.defaulting import set_defaults
from fake_cloud.kube_api.custom_resources.embedded_resources import embedded_errors
from fake_cloud.kube_api.custom_resources.list_types import list_type_errors
from fake_cloud.kube_api.custom_resources.scale_paths import scale_errors, value_at
from fake_cloud.kube_api.custom_resources.storage_form import from_storage_form
from fake_cloud.kube_api.custom_resources.validation import UNKNOWN, schema_errors
from fake_cloud.kube_api.custom_resources.value_errors import NOWHERE
from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, field_set
from fake_cloud.kube_api.metadata import STANDARD_FINALIZERS
from fake_cloud.kube_api.names import qualified_name_problems
from fake_cloud.kube_api.requests import about
from fake_cloud.kube_api.status_errors import FieldError, forbidden, shown
from fake_cloud.kube_api.strategies.generic import Body, Strategy, restore
from fake_cloud.kube_api.types.custom import CustomVersion
from fake_cloud.kube_api.types.table import ResourceType

TERMINATING = "create not allowed while custom resource definition is terminating"
RESETS_METADATA = 36
"""From this minor on, whoever writes a status owns no metadata by it."""

AVOID = "to avoid accidental conflicts with other finalizer writers"


class CustomResourceStrategy(Strategy):
    """Of one version of a definition."""

    unconditional_update = False
    core = False

    def __init__(self, resource: ResourceType, minor: int, custom: CustomVersion):
        super().__init__(resource, minor)
        self._custom = custom
        self._status_schema = (custom.schema.get("properties") or {}).get("status") or {}

    def default(self, body: Body) -> None:
        set_defaults(body, self._custom.schema)

    def admit(self, body: Body, old: Body | None) -> None:
        if old is None and self._custom.terminating:
            raise forbidden(about(self.resource), body["metadata"].get("name", ""), TERMINATING)

    def prepare_create(self, body: Body) -> None:
        if self.has_status:
            body.pop("status", None)
        body["metadata"]["generation"] = 1

    def prepare_update(self, body: Body, old: Body) -> None:
        before = self._read(old)
        if self.has_status:
            restore(body, before, "status")
        if _content(body) != _content(before):
            body["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        """Of `/status`: nothing but the status changes; who manages fields is noted, though."""
        kept = self._read(old) | {"apiVersion": body["apiVersion"]}
        restore(kept, body, "status")
        restore(kept["metadata"], body["metadata"], "managedFields")
        body.clear()
        body.update(kept)

    def reset_fields(self, subresource: str) -> FieldSet:
        if subresource == "status" and self.minor >= RESETS_METADATA:
            return field_set("spec", "metadata")
        return super().reset_fields(subresource)

    def validate(self, body: Body) -> list[FieldError]:
        return [
            *schema_errors(body, self._custom.schema),
            *scale_errors(body, self._custom.scale),
            *embedded_errors(body, self._custom.schema),
            *list_type_errors(body, self._custom.schema),
        ]

    def update_errors(self, body: Body, old: Body) -> list[FieldError]:
        before = self._read(old)
        return [
            *self.metadata_update_errors(body, old),
            *schema_errors(body, self._custom.schema, old=before),
            *scale_errors(body, self._custom.scale),
            *embedded_errors(body, self._custom.schema),
            *self._new_list_type_errors(body, before),
        ]

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:
        before = self._read(old)
        errors = self._status_errors(body, before)
        errors += scale_errors(body, self._custom.scale, of_spec=False)
        return errors + self._new_list_type_errors(body, before)

    def _status_errors(self, body: Body, before: Body) -> list[FieldError]:
        """Messages begin at the status, fields at the object."""
        if "status" not in body:
            return []
        old = before.get("status", UNKNOWN)
        return [
            FieldError(_below_status(error.field), error.reason, error.text)
            for error in schema_errors(body["status"], self._status_schema, old=old)
        ]

    def _new_list_type_errors(self, body: Body, before: Body) -> list[FieldError]:
        """Lists that were wrong already may stay so."""
        if any(list_type_errors(before, self._custom.schema)):
            return []
        return list(list_type_errors(body, self._custom.schema))

    def warnings(self, body: Body) -> list[str]:
        return self.update_warnings(body, {"metadata": {}})

    def update_warnings(self, body: Body, old: Body) -> list[str]:
        """Of finalizers that are new."""
        before = old["metadata"].get("finalizers") or ()
        added = sorted(set(body["metadata"].get("finalizers") or ()) - set(before))
        return [warning for finalizer in added for warning in _finalizer_warnings(finalizer)]

    def fields(self, body: Body) -> Mapping[str, str]:
        found = {path[1:]: _text(value_at(body, path)) for path in self._custom.indexed}
        return {**super().fields(body), **found}

    def field_labels(self) -> frozenset[str]:
        own = super().fields({"metadata": {"name": ""}})
        return frozenset(own) | {path[1:] for path in self._custom.selectable}

    def _read(self, old: Body) -> Body:
        return from_storage_form(old, self.resource.api_version, self._custom)


def _below_status(field: str) -> str:
    return "status" if field == NOWHERE else f"status.{field}"


def _content(body: Body) -> Body:
    return {name: part for name, part in body.items() if name not in ("metadata", "apiVersion")}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return shown(value).strip('"') if isinstance(value, bool) else str(value)


def _finalizer_warnings(finalizer: str) -> list[str]:
    path = f"metadata.finalizers: {shown(finalizer)}: "
    found = [path + problem for problem in qualified_name_problems(finalizer)]
    if "/" not in finalizer and finalizer not in STANDARD_FINALIZERS:
        more = " including a path (/)" if "." in finalizer else ""
        found.append(f"{path}prefer a domain-qualified finalizer name{more} {AVOID}")
    return found
