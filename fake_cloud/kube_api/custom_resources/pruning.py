"""Unknown fields of a custom resource go, unless the schema lets them stay.

Follows k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_cloud.kube_api.types.custom import JsonSchema
from fake_cloud.kube_api.types.schema import Path

PRESERVE = "x-kubernetes-preserve-unknown-fields"
EMBEDDED = "x-kubernetes-embedded-resource"
META = ("apiVersion", "kind", "metadata")
"""Fields that every object has, whether its schema names them or not."""


def prune(value: Any, schema: JsonSchema) -> list[Path]:
    """Of a whole object, in place. The paths of what went, in order."""
    return sorted(prune_part(value, {**schema, EMBEDDED: True}, []))


def prune_part(value: Any, schema: JsonSchema | None, path: Path) -> Iterator[Path]:
    """Of what stands at a path inside of an object."""
    if isinstance(value, list):
        items = (schema or {}).get("items")
        for index, element in enumerate(value):
            yield from prune_part(element, items, [*path, f"[{index}]"])
    elif isinstance(value, dict):
        yield from _prune_object(value, schema or {}, path)


def _prune_object(value: dict[str, Any], schema: JsonSchema, path: Path) -> Iterator[Path]:
    for name in list(value):
        if schema.get(EMBEDDED) and name in META:
            continue
        known, below = part(schema, name)
        if known:
            yield from prune_part(value[name], below, [*path, name])
        elif not schema.get(PRESERVE):
            del value[name]
            if path or name not in META:
                yield [*path, name]


def part(schema: JsonSchema, name: str) -> tuple[bool, JsonSchema | None]:
    """Whether a field may be there, and its schema if it has one (None: nothing below is known)."""
    properties = schema.get("properties") or {}
    if name in properties:
        return True, properties[name]
    additional = schema.get("additionalProperties")
    if isinstance(additional, dict):
        return True, additional
    return bool(additional), None
