"""The fields of custom resources that field selectors may ask for.

Follows ValidateCustomResourceSelectableFields in k8s.io/apiextensions-apiserver
/pkg/apis/apiextensions/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from fake_cloud.kube_api.status_errors import FieldError, duplicate, invalid_value, required
from fake_cloud.kube_api.types.custom import JsonSchema

NOT_SCALAR = (
    "must point to a field of type string, boolean or integer. "
    "Enum string fields and strings with formats are allowed."
)


def selectable_errors(places: list[str], schema: JsonSchema, path: str) -> Iterator[FieldError]:
    """`places`: simple JSON paths such as `.spec.color`."""
    for index, place in enumerate(places):
        where = f"{path}[{index}].jsonPath"
        found = _schema_at(schema, place)
        if not place:
            yield required(where)
        elif found is None:
            why = "is an invalid path: does not refer to a valid field"
            yield invalid_value(where, place, why)
        else:
            if place.startswith(".metadata"):
                yield invalid_value(where, place, "must not point to fields in metadata")
            if found.get("type") not in ("string", "boolean", "integer"):
                yield invalid_value(where, place, NOT_SCALAR)
            if place in places[:index]:
                yield duplicate(where, place)


def _schema_at(schema: JsonSchema, place: str) -> JsonSchema | None:
    for name in place.split(".")[1:]:
        properties = schema.get("properties") or {}
        if name not in properties:
            return None
        schema = properties[name]
    return schema
