"""A custom resource against its schema.

Follows k8s.io/kube-openapi/pkg/validation/validate, with the ratcheting of
k8s.io/apiextensions-apiserver/pkg/apiserver/validation: what an update leaves as it was is not
looked at again. CEL rules (`x-kubernetes-validations`) are not evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_cloud.kube_api.custom_resources.formats import fits, known_format
from fake_cloud.kube_api.custom_resources.list_types import LIST_TYPE, MAP_KEYS
from fake_cloud.kube_api.custom_resources.value_errors import (
    against,
    bad_factor,
    bad_format,
    bad_type,
    composite,
    go_number,
    missing,
    not_among,
    out_of_range,
    too_long_text,
    too_many,
)
from fake_cloud.kube_api.status_errors import FieldError
from fake_cloud.kube_api.types.custom import JsonSchema

INT_OR_STRING = "x-kubernetes-int-or-string"
JSON_TYPES: dict[type, str] = {
    bool: "boolean",
    str: "string",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}
GO_FORMATS = {"integer": "int64", "number": "float64"}
UNKNOWN: Any = object()
"""There is no old value to compare with."""


def schema_errors(
    value: Any, schema: JsonSchema, path: str = "", old: Any = UNKNOWN
) -> list[FieldError]:
    """What is wrong with `value`. `old` is what an update found at this place."""
    return _check(value, schema, path, old).errors


@dataclass(slots=True)
class _Result:
    """`matches` counts what was looked at: the alternative with most of them explains a failure."""

    errors: list[FieldError] = field(default_factory=list)
    matches: int = 0

    def add(self, errors: Iterable[FieldError], matches: int = 1) -> None:
        self.errors += errors
        self.matches += matches

    def merge(self, other: _Result) -> None:
        self.add(other.errors, other.matches)


def _check(value: Any, schema: JsonSchema, path: str, old: Any) -> _Result:
    result = _Result()
    if old is not UNKNOWN and _same(old, value):
        return result
    wrong = _type_errors(value, schema, path)
    result.add(wrong, 1 if wrong else 2)
    if value is None:
        result.add(_enum_errors(value, schema, path))
        return result
    result.merge(_check_junctors(value, schema, path, old))
    if isinstance(value, str):
        result.add(_text_errors(value, schema, path))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        result.add(_number_errors(value, schema, path))
    elif isinstance(value, list):
        result.merge(_check_list(value, schema, path, old))
    result.add(_enum_errors(value, schema, path))
    if isinstance(value, dict):
        result.merge(_check_object(value, schema, path, old))
    return result


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and type(one) is type(other)


def wanted_types(schema: JsonSchema) -> list[str]:
    if schema.get(INT_OR_STRING):
        return ["integer", "string"]
    return [schema["type"]] if schema.get("type") else []


def _type_errors(value: Any, schema: JsonSchema, path: str) -> list[FieldError]:
    types = wanted_types(schema)
    name = known_format(types[0] if len(types) == 1 else "", schema.get("format") or "")
    seen = JSON_TYPES[type(value)]
    if not types and not name:
        return []
    whole = isinstance(value, float) and value.is_integer() and "integer" in types
    numeric = "number" in types or "integer" in types
    if value is None:
        if not types or schema.get("nullable"):
            return []
    elif seen in types or whole or (seen == "integer" and "number" in types):
        return []
    elif name and not isinstance(value, str | list):
        return [bad_type(path, name, GO_FORMATS.get(seen, ""))]
    elif name and not numeric:
        return []
    return [bad_type(path, ",".join(types), seen)]


def _enum_errors(value: Any, schema: JsonSchema, path: str) -> list[FieldError]:
    choices = schema.get("enum") or ()
    if not choices or any(_equal(value, choice) for choice in choices):
        return []
    return [not_among(path, value, choices)]


def _equal(value: Any, choice: Any) -> bool:
    return isinstance(value, bool) == isinstance(choice, bool) and bool(value == choice)


def _text_errors(value: str, schema: JsonSchema, path: str) -> Iterator[FieldError]:
    longest, shortest = schema.get("maxLength"), schema.get("minLength")
    pattern = schema.get("pattern")
    if longest is not None and len(value) > longest:
        yield too_long_text(path, longest)
    elif shortest is not None and len(value) < shortest:
        yield against(path, value, f"should be at least {shortest} chars long")
    elif pattern and not re.search(pattern, value):
        yield against(path, value, f"should match '{pattern}'")
    types = wanted_types(schema)
    name = known_format(types[0] if len(types) == 1 else "", schema.get("format") or "")
    if name and types in ([], ["string"]) and not fits(value, name):
        yield bad_format(path, name, value)


def _number_errors(value: float, schema: JsonSchema, path: str) -> Iterator[FieldError]:
    yield from _range_errors(value, schema, path)
    if (factor := schema.get("multipleOf")) is not None:
        factor = int(factor) if isinstance(value, int) else factor  # Go's type of the value
        if factor <= 0:
            yield bad_factor(path, factor)
        elif value % factor:
            yield against(path, value, f"should be a multiple of {go_number(factor)}")
    if (least := schema.get("minimum")) is not None:
        if schema.get("exclusiveMinimum") and value <= least:
            yield against(path, value, f"should be greater than {go_number(least)}")
        elif value < least:
            yield against(path, value, f"should be greater than or equal to {go_number(least)}")
    if (most := schema.get("maximum")) is not None:
        if schema.get("exclusiveMaximum") and value >= most:
            yield against(path, value, f"should be less than {go_number(most)}")
        elif value > most:
            yield against(path, value, f"should be less than or equal to {go_number(most)}")


def _range_errors(value: float, schema: JsonSchema, path: str) -> Iterator[FieldError]:
    """Whether a number fits into the type and its format."""
    if wanted_types(schema) != ["integer"]:
        return
    form = known_format("integer", schema.get("format") or "")
    bits = 32 if form == "int32" else 64
    if value != int(value) or not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        yield out_of_range(path, f"with format {form}" if form else "(default format)")


def _check_list(value: list[Any], schema: JsonSchema, path: str, old: Any) -> _Result:
    result, items = _Result(), schema.get("items")
    if isinstance(items, dict):
        for index, element in enumerate(value):
            before = _old_item(schema, element, old)
            result.merge(_check(element, items, f"{path}[{index}]", before))
    count, least, most = len(value), schema.get("minItems"), schema.get("maxItems")
    if least is not None and count < least:
        result.add([against(path, count, f"should have at least {least} items")], 0)
    if most is not None and count > most:
        result.add([too_many(path, count, most)], 0)
    if schema.get("uniqueItems") and any(item in value[:i] for i, item in enumerate(value)):
        result.add([against(path, "", "shouldn't contain duplicates")], 0)
    result.matches += 2
    return result


def _old_item(schema: JsonSchema, element: Any, old: Any) -> Any:
    """Only elements of list maps can be found again, by their keys."""
    if schema.get(LIST_TYPE) != "map" or not isinstance(old, list) or not isinstance(element, dict):
        return UNKNOWN
    keys = schema.get(MAP_KEYS) or []
    for item in old:
        if isinstance(item, dict) and all(item.get(k) == element.get(k) for k in keys):
            return item
    return UNKNOWN


def _check_object(value: dict[str, Any], schema: JsonSchema, path: str, old: Any) -> _Result:
    result, properties = _Result(matches=1), schema.get("properties") or {}
    additional = schema.get("additionalProperties")
    count, least, most = len(value), schema.get("minProperties"), schema.get("maxProperties")
    if least is not None and count < least:
        result.add([against(path, count, f"should have at least {least} properties")], 0)
    if most is not None and count > most:
        result.add([too_many(path, count, most)], 0)
    for name in sorted(value):
        below = properties.get(name, additional)
        if isinstance(below, dict):
            where = f"{path}.{name}" if path or name not in properties else name
            result.merge(_check(value[name], below, where, _old_field(old, name)))
        elif below is False:
            why = f"{path}.{name} in body is a forbidden property"
            result.add([FieldError(path, "FieldValueInvalid", f'Invalid value: "{name}": {why}')])
    result.add((missing(f"{path}.{n}") for n in schema.get("required") or () if n not in value), 0)
    return result


def _old_field(old: Any, name: str) -> Any:
    return old.get(name, UNKNOWN) if isinstance(old, dict) else UNKNOWN


def _check_junctors(value: Any, schema: JsonSchema, path: str, old: Any) -> _Result:
    result = _Result(matches=2)
    if any_of := schema.get("anyOf"):
        _join_any(result, [_check(value, one, path, old) for one in any_of], path)
    if one_of := schema.get("oneOf"):
        _join_one(result, [_check(value, one, path, old) for one in one_of], path)
    if all_of := schema.get("allOf"):
        _join_all(result, [_check(value, one, path, old) for one in all_of], path)
    if (forbidden := schema.get("not")) and not _check(value, forbidden, path, UNKNOWN).errors:
        result.add([composite(path, "must not validate the schema (not)")], 0)
    return result


def _join_any(result: _Result, tried: Sequence[_Result], path: str) -> None:
    good = [one for one in tried if not one.errors]
    if not good:
        result.add([composite(path, "must validate at least one schema (anyOf)")], 0)
    result.merge(good[0] if good else max(tried, key=lambda one: one.matches))


def _join_one(result: _Result, tried: Sequence[_Result], path: str) -> None:
    good = [one for one in tried if not one.errors]
    if len(good) == 1:
        result.merge(good[0])
        return
    found = f"Found {len(good)} valid alternatives" if good else "Found none valid"
    result.add([composite(path, f"must validate one and only one schema (oneOf). {found}")], 0)
    if not good:
        result.merge(max(tried, key=lambda one: one.matches))


def _join_all(result: _Result, tried: Sequence[_Result], path: str) -> None:
    for one in tried:
        result.merge(one)
    good = sum(not one.errors for one in tried)
    if good < len(tried):
        tail = "" if good else ". None validated"
        result.add([composite(path, f"must validate all the schemas (allOf){tail}")], 0)
