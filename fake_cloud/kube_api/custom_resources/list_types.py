"""Lists that are sets or maps: no element twice.

Follows k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_cloud.kube_api.status_errors import FieldError, duplicate, invalid_value
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.types.custom import JsonSchema

LIST_TYPE, MAP_KEYS = "x-kubernetes-list-type", "x-kubernetes-list-map-keys"
NO_OBJECT = "must be an object for an array of list-type map"


def list_type_errors(value: Any, schema: JsonSchema, path: str = "") -> Iterator[FieldError]:
    """Of everything below `path`."""
    if isinstance(value, list):
        kind = schema.get(LIST_TYPE)
        if kind == "set":
            yield from (duplicate(f"{path}[{i}]", value[i]) for i in _repeated(value))
        elif kind == "map":
            yield from _map_errors(value, schema.get(MAP_KEYS) or [], path)
        for index, element in enumerate(value):
            yield from list_type_errors(element, schema.get("items") or {}, f"{path}[{index}]")
    elif isinstance(value, dict):
        additional, properties = schema.get("additionalProperties"), schema.get("properties") or {}
        for name, element in value.items():
            if name in properties:
                where = f"{path}.{name}" if path else name
                yield from list_type_errors(element, properties[name], where)
            elif isinstance(additional, dict):
                yield from list_type_errors(element, additional, f"{path}[{name}]")


def _map_errors(value: list[Any], keys: list[str], path: str) -> Iterator[FieldError]:
    for index, element in enumerate(value):
        if element is not None and not isinstance(element, dict):
            yield invalid_value(f"{path}[{index}]", element, NO_OBJECT)
            return
    found = [{key: item[key] for key in keys if key in item} for item in map(_or_empty, value)]
    for index in _repeated(found):
        yield duplicate(f"{path}[{index}]", found[index])


def _or_empty(element: dict[str, Any] | None) -> dict[str, Any]:
    return element or {}


def _repeated(values: list[Any]) -> list[int]:
    """Where each repeated value comes for the second time."""
    seen: dict[bytes, int] = {}
    found = []
    for index, value in enumerate(values):
        key = encode(value, order="sorted")
        seen[key] = seen.get(key, 0) + 1
        if seen[key] == 2:
            found.append(index)
    return found
