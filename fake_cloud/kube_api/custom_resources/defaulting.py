"""Defaults that a schema gives, at every depth.

Follows k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting.
"""

from __future__ import annotations

import copy
from typing import Any

from fake_cloud.kube_api.types.custom import JsonSchema


def set_defaults(value: Any, schema: JsonSchema) -> None:
    """In place: nulls that may not be null go or become the default, missing fields are filled."""
    if isinstance(value, dict):
        _fill(value, schema)
        for name, element in value.items():
            set_defaults(element, _below(schema, name))
    elif isinstance(value, list):
        items = schema.get("items") or {}
        for index, element in enumerate(value):
            if _bad_null(element, items):
                value[index] = copy.deepcopy(items.get("default"))
            set_defaults(value[index], items)


def _fill(value: dict[str, Any], schema: JsonSchema) -> None:
    for name in list(value):
        below = _below(schema, name)
        if below and _bad_null(value[name], below):
            if "default" in below:
                value[name] = copy.deepcopy(below["default"])
            elif name in (schema.get("properties") or {}):
                del value[name]
    for name, below in (schema.get("properties") or {}).items():
        if name not in value and below.get("default") is not None:
            value[name] = copy.deepcopy(below["default"])


def _below(schema: JsonSchema, name: str) -> JsonSchema:
    properties = schema.get("properties") or {}
    if name in properties:
        return dict(properties[name])
    additional = schema.get("additionalProperties")
    return additional if isinstance(additional, dict) else {}


def _bad_null(value: Any, schema: JsonSchema) -> bool:
    return value is None and bool(schema) and not schema.get("nullable")
