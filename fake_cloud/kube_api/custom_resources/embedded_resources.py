"""Whole objects inside of custom resources (`x-kubernetes-embedded-resource`).

Follows k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta/validation.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_cloud.kube_api.custom_resources.pruning import EMBEDDED
from fake_cloud.kube_api.names import label_1035_problems
from fake_cloud.kube_api.status_errors import FieldError, invalid_value, required
from fake_cloud.kube_api.types.custom import JsonSchema

MIXED_CASE = "may have mixed case, but should otherwise match: "


def embedded_errors(value: Any, schema: JsonSchema, path: str = "") -> Iterator[FieldError]:
    """Of every embedded object below `path`: it needs an apiVersion and a kind."""
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield from embedded_errors(element, schema.get("items") or {}, f"{path}[{index}]")
    elif isinstance(value, dict):
        if schema.get(EMBEDDED):
            yield from _type_errors(value, path)
        additional, properties = schema.get("additionalProperties"), schema.get("properties") or {}
        for name, element in value.items():
            if name in properties:
                where = f"{path}.{name}" if path else name
                yield from embedded_errors(element, properties[name], where)
            elif isinstance(additional, dict):
                yield from embedded_errors(element, additional, f"{path}[{name}]")


def _type_errors(value: dict[str, Any], path: str) -> Iterator[FieldError]:
    for name in ("apiVersion", "kind"):
        field, given = f"{path}.{name}", value.get(name)
        if name not in value:
            yield required(field)
        elif not isinstance(given, str):
            yield invalid_value(field, given, "must be a string")
        elif not given:
            yield invalid_value(field, given, "must not be empty")
        elif name == "kind" and (problems := label_1035_problems(given.lower())):
            yield invalid_value(field, given, MIXED_CASE + ",".join(problems))
