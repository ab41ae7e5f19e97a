"""The rules of CustomResourceDefinitions themselves.

Follows k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition and
pkg/apis/apiextensions/v1/defaults.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from fake_cloud.kube_api.custom_resources.conditions import is_true, set_condition
from fake_cloud.kube_api.custom_resources.definition import schema_of
from fake_cloud.kube_api.custom_resources.definition_validation import (
    approval_errors,
    immutable_errors,
    spec_errors,
    stored_version_errors,
)
from fake_cloud.kube_api.custom_resources.formats import known_format
from fake_cloud.kube_api.custom_resources.list_types import LIST_TYPE
from fake_cloud.kube_api.custom_resources.subschemas import subschemas
from fake_cloud.kube_api.names import Problems, subdomain_problems
from fake_cloud.kube_api.status_errors import FieldError
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.types.custom import JsonSchema

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
"""The finalizer under which the custom resources are removed."""

PENDING = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
NO_SET = "is not supported by server-side apply or CEL validation rules"


class DefinitionStrategy(Strategy):
    """Names and conditions in the status belong to the definitions' controller."""

    has_generation = True
    unconditional_update = False
    removed_by_controller = True
    core = False

    def default(self, body: Body) -> None:
        names = body["spec"]["names"]
        if names.get("kind"):
            names["singular"] = names.get("singular") or names["kind"].lower()
            names["listKind"] = names.get("listKind") or f"{names['kind']}List"
        body["spec"].setdefault("conversion", {"strategy": "None"})

    def prepare_create(self, body: Body) -> None:
        super().prepare_create(body)
        _store_version(body)

    def prepare_update(self, body: Body, old: Body) -> None:
        super().prepare_update(body, old)
        _store_version(body)

    def create_errors(self, body: Body) -> list[FieldError]:
        names, group = body["spec"]["names"], body["spec"].get("group")

        def problems(name: str) -> Problems:
            found = subdomain_problems(name)
            if name != f"{names.get('plural', '')}.{group}":
                found.append('must be spec.names.plural+"."+spec.group')
            return found

        self.name_rule = problems
        return super().create_errors(body)

    def validate(self, body: Body) -> list[FieldError]:
        return [
            *spec_errors(body["spec"]),
            *stored_version_errors(body),
            *approval_errors(body),
        ]

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        return immutable_errors(body["spec"], old["spec"], established=is_true(old, "Established"))

    def warnings(self, body: Body) -> list[str]:
        schemas = [part for version in _versions(body) for part in subschemas(schema_of(version))]
        formats = [
            f'unrecognized format "{schema["format"]}"'
            for schema in schemas
            if schema.get("format") and not known_format(schema.get("type", ""), schema["format"])
        ]
        return [*formats, *sorted(set(_set_warnings(schemas)))]

    def condemn(self, body: Body) -> None:
        finalizers = body["metadata"].setdefault("finalizers", [])
        if CLEANUP not in finalizers:
            finalizers.append(CLEANUP)
        set_condition(body, "Terminating", "True", "InstanceDeletionPending", PENDING)


def _versions(body: Body) -> list[Body]:
    return body["spec"].get("versions") or []


def _store_version(body: Body) -> None:
    stored = body["status"].get("storedVersions") or []
    new = [v["name"] for v in _versions(body) if v["storage"] and v["name"] not in stored]
    body["status"]["storedVersions"] = [*stored, *new[:1]] or None


def _set_warnings(schemas: list[JsonSchema]) -> Iterator[str]:
    for schema in schemas:
        kind = (schema.get("items") or {}).get("type")
        if schema.get(LIST_TYPE) == "set" and kind in ("object", "array"):
            yield f'x-kubernetes-list-type: set for items of type "{kind}" {NO_SET}'
