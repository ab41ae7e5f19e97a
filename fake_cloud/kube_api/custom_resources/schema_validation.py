"""Whether a definition's schema is structural, and its defaults are good.

Follows ValidateStructural in k8s.io/apiextensions-apiserver/pkg/apiserver/schema and
ValidateCustomResourceDefinitionOpenAPISchema in pkg/apis/apiextensions/validation.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from fake_cloud.kube_api.custom_resources.defaulting import set_defaults
from fake_cloud.kube_api.custom_resources.list_types import LIST_TYPE, MAP_KEYS
from fake_cloud.kube_api.custom_resources.pruning import EMBEDDED, PRESERVE, prune_part
from fake_cloud.kube_api.custom_resources.subschemas import parts
from fake_cloud.kube_api.custom_resources.validation import INT_OR_STRING, schema_errors
from fake_cloud.kube_api.custom_resources.value_errors import NOWHERE
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.types.custom import JsonSchema

TYPES = ("array", "boolean", "integer", "number", "object", "string")
JUNCTORS = (".allOf[", ".anyOf[", ".oneOf[", ".not")
QUADRATIC = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
EXCLUSIVE = "additionalProperties and properties are mutual exclusive"
MAP_TYPE, LIST_TYPES = "x-kubernetes-map-type", ("atomic", "set", "map")
NOT_ATOMIC = "must be atomic as item of a list with x-kubernetes-list-type=set"
KEY_MAY_LACK = (
    "this property is in x-kubernetes-list-map-keys, "
    "so it must have a default or be a required property"
)
NOT_OBJECT = (
    'only "object" is allowed as the type at the root of the schema '
    "if the status subresource is enabled"
)
NOT_BESIDE_STATUS = {"allOf", "anyOf", "oneOf", "not", "enum", "additionalProperties", "default"}
BESIDE_STATUS = (
    "only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum "
    "MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items "
    "Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed "
    "at the root of the schema if the status subresource is enabled"
)
METADATA = (
    "must not specify anything other than name and generateName, "
    "but metadata is implicitly specified"
)
NO_TYPE = {
    "root": "must not be empty at the root",
    "item": "must not be empty for specified array items",
    "field": "must not be empty for specified object fields",
}
EMPTY = {"type": "", "title": "", "description": "", MAP_KEYS: []}
"""Fields that a junctor's schema may name, but only empty; others must be undefined."""

UNDEFINED = ("default", "additionalProperties", LIST_TYPE, MAP_TYPE)
FALSE = ("nullable", PRESERVE, EMBEDDED, INT_OR_STRING)
UNSUPPORTED = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")


def root_schema_errors(schema: JsonSchema, path: str, has_status: bool) -> Iterator[FieldError]:
    """Of the schema of one version."""
    if has_status and schema.get("type") != "object":
        yield invalid_value(f"{path}.type", schema.get("type", ""), NOT_OBJECT)
    if has_status and set(schema) & NOT_BESIDE_STATUS:
        yield invalid_value(path, schema, BESIDE_STATUS)
    if schema.get("nullable"):
        yield forbidden_field(f"{path}.nullable", "nullable cannot be true at the root")
    structural = [
        *_structural_errors(schema, path, "root"),
        *_incomplete(schema, path),
    ]
    structural.sort(key=str)
    yield from structural
    if not structural:
        yield from _default_errors(schema, path)
    yield from _openapi_errors(schema, path)


def _structural_errors(schema: JsonSchema, path: str, level: str) -> Iterator[FieldError]:
    kind = schema.get("type", "")
    if kind == "array" and schema.get("items") is None:
        yield required(f"{path}.items", "must be specified")
    if level == "root" and schema.get("additionalProperties"):
        yield forbidden_field(f"{path}.additionalProperties", "must not be used at the root")
    if schema.get(EMBEDDED):
        yield from _embedded_errors(schema, path)
    elif not kind and not schema.get(INT_OR_STRING) and not schema.get(PRESERVE):
        yield required(f"{path}.type", NO_TYPE[level])
    if level == "root" and kind not in ("", "object"):
        yield invalid_value(f"{path}.type", kind, "must be object at the root")
    if level == "root":
        yield from _root_field_errors(schema.get("properties") or {}, path)
    for place, below in parts(schema):
        if place.startswith(JUNCTORS):
            if not _is_int_or_string(schema, place):
                yield from _junctor_errors(below, path + place)
        else:
            yield from _structural_errors(
                below, path + place, "item" if place == ".items" else "field"
            )
    yield from _pattern_errors(schema, path)


def _incomplete(schema: JsonSchema, path: str) -> Iterator[FieldError]:
    """What a junctor restricts must be defined outside of it, too."""
    for place, below in parts(schema):
        if place.startswith(JUNCTORS):
            yield from _undefined(schema, below, path, path + place)
        else:
            yield from _incomplete(below, path + place)


def _undefined(
    whole: JsonSchema, schema: JsonSchema, path: str, origin: str
) -> Iterator[FieldError]:
    for place, below in parts(schema):
        if place.startswith(JUNCTORS):
            yield from _undefined(whole, below, path, origin + place)
            continue
        defined = dict(parts(whole)).get(place)
        if defined is None:
            yield required(path + place, f"because it is defined in {origin + place}")
        else:
            yield from _undefined(defined, below, path + place, origin + place)


def _embedded_errors(schema: JsonSchema, path: str) -> Iterator[FieldError]:
    why = "must be object if x-kubernetes-embedded-resource is true"
    if not schema.get("type"):
        yield required(f"{path}.type", why)
    elif schema["type"] != "object":
        yield invalid_value(f"{path}.type", schema["type"], why)
    if not schema.get(PRESERVE) and not schema.get("properties"):
        why = (
            "must not be empty if x-kubernetes-embedded-resource is true "
            "without x-kubernetes-preserve-unknown-fields"
        )
        yield required(f"{path}.properties", why)


def _root_field_errors(properties: JsonSchema, path: str) -> Iterator[FieldError]:
    for name, wanted in (("kind", "string"), ("apiVersion", "string"), ("metadata", "object")):
        given = properties.get(name, {}).get("type", "")
        if name in properties and given != wanted:
            yield invalid_value(f"{path}.properties[{name}].type", given, f"must be {wanted}")
    metadata = dict(properties.get("metadata") or {})
    named = metadata.pop("properties", None) or {}
    allowed = ("type", "default", "description")
    if set(named) - {"name", "generateName"} or any(key not in allowed for key in metadata):
        yield forbidden_field(f"{path}.properties[metadata]", METADATA)


def _is_int_or_string(schema: JsonSchema, place: str) -> bool:
    """The two forms in which junctors may name types."""
    pattern = [{"type": "integer"}, {"type": "string"}]
    if not schema.get(INT_OR_STRING):
        return False
    if place.startswith(".anyOf["):
        return bool(schema["anyOf"] == pattern)
    return place == ".allOf[0]" and bool(schema["allOf"][0].get("anyOf") == pattern)


def _junctor_errors(schema: JsonSchema, path: str) -> Iterator[FieldError]:
    """Below a junctor stand conditions alone, no types."""
    for name in EMPTY:
        if schema.get(name):
            yield forbidden_field(f"{path}.{name}", "must be empty to be structural")
    for name in UNDEFINED:
        if schema.get(name) is not None:
            yield forbidden_field(f"{path}.{name}", "must be undefined to be structural")
    for name in FALSE:
        if schema.get(name):
            yield forbidden_field(f"{path}.{name}", "must be false to be structural")
    if "metadata" in (schema.get("properties") or {}):
        why = "must not be specified in a nested context"
        yield forbidden_field(f"{path}.properties[metadata]", why)
    for place, below in parts(schema):
        yield from _junctor_errors(below, path + place)
    yield from _pattern_errors(schema, path)


def _pattern_errors(schema: JsonSchema, path: str) -> Iterator[FieldError]:
    pattern = schema.get("pattern")
    if pattern:
        try:
            re.compile(pattern)
        except re.error as error:
            why = f"must be a valid regular expression, but isn't: {error}"
            yield invalid_value(f"{path}.pattern", pattern, why)


def _default_errors(schema: JsonSchema, path: str) -> Iterator[FieldError]:
    """Defaults are what the schema itself would let in."""
    if schema.get("default") is not None:
        value = copy.deepcopy(schema["default"])
        if any(prune_part(value, schema, [])):
            why = "must not have unknown fields"
            yield invalid_value(f"{path}.default", schema["default"], why)
        set_defaults(value, schema)
        for error in schema_errors(value, schema):
            place = "" if error.field == NOWHERE else f".{error.field}"
            yield FieldError(f"{path}.default{place}", error.reason, error.text)
    for place, below in parts(schema):
        if not place.startswith(JUNCTORS):
            yield from _default_errors(below, path + place)


def _openapi_errors(schema: JsonSchema, path: str) -> Iterator[FieldError]:
    kind = schema.get("type")
    if kind and kind not in TYPES:
        yield not_supported(f"{path}.type", kind, TYPES)
    for name in UNSUPPORTED:
        if schema.get(name):
            yield forbidden_field(f"{path}.{name}", f"{name} is not supported")
    if schema.get("uniqueItems"):
        yield forbidden_field(f"{path}.uniqueItems", QUADRATIC)
    if schema.get("properties") and schema.get("additionalProperties", True) is not True:
        yield forbidden_field(f"{path}.additionalProperties", EXCLUSIVE)
    if schema.get(PRESERVE) is False:
        yield invalid_value(f"{path}.{PRESERVE}", False, "must be true or undefined")
    yield from _list_errors(schema, path)
    for place, below in parts(schema):
        yield from _openapi_errors(below, path + place)


def _list_errors(schema: JsonSchema, path: str) -> Iterator[FieldError]:
    list_type, keys = schema.get(LIST_TYPE), schema.get(MAP_KEYS) or []
    items, where = schema.get("items") or {}, f"{path}.{LIST_TYPE}"
    if list_type is not None and schema.get("type") != "array":
        yield _wrong_type(schema, path, "must be array if x-kubernetes-list-type is specified")
    elif list_type == "set" and _is_granular(items):
        yield invalid_value(f"{path}.items.{MAP_TYPE}", items.get(LIST_TYPE), NOT_ATOMIC)
    if list_type not in (None, *LIST_TYPES):
        yield not_supported(where, list_type, LIST_TYPES)
    if keys and list_type != "map":
        why = "must be map if x-kubernetes-list-map-keys is non-empty"
        yield invalid_value(where, list_type, why) if list_type else required(where, why)
    if list_type == "map":
        yield from _map_errors(items, keys, path)


def _is_granular(items: JsonSchema) -> bool:
    return items.get("type") == "object" and items.get(MAP_TYPE) != "atomic"


def _wrong_type(schema: JsonSchema, path: str, why: str) -> FieldError:
    kind = schema.get("type")
    return invalid_value(f"{path}.type", kind, why) if kind else required(f"{path}.type", why)


def _map_errors(items: JsonSchema, keys: list[str], path: str) -> Iterator[FieldError]:
    where = f"{path}.{MAP_KEYS}"
    if not keys:
        yield required(where, "must not be empty if x-kubernetes-list-type is map")
    if not items:
        why = "must have a schema if x-kubernetes-list-type is map"
        yield required(f"{path}.items", why)
    elif items.get("type") != "object":
        why = "must be object if parent array's x-kubernetes-list-type is map"
        yield invalid_value(f"{path}.items.type", items.get("type", ""), why)
    properties, must = items.get("properties") or {}, items.get("required") or ()
    for key in keys:
        if key not in properties:
            yield invalid_value(where, keys, "entries must all be names of item properties")
        elif key not in must and properties[key].get("default") is None:
            yield required(f"{path}.items.properties[{key}].default", KEY_MAY_LACK)
