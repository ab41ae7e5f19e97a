"""A schema and everything below it."""

from __future__ import annotations

from collections.abc import Iterator

from fake_cloud.kube_api.types.custom import JsonSchema


def subschemas(schema: JsonSchema) -> Iterator[JsonSchema]:
    """The schema itself first."""
    yield schema
    for _, below in parts(schema):
        yield from subschemas(below)


def parts(schema: JsonSchema) -> Iterator[tuple[str, JsonSchema]]:
    """The schemas one step below, with their place as Kubernetes writes it."""
    for name, below in sorted((schema.get("properties") or {}).items()):
        yield f".properties[{name}]", below
    for name in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(name), dict):
            yield f".{name}", schema[name]
    for name in ("allOf", "oneOf", "anyOf"):
        for index, below in enumerate(schema.get(name) or ()):
            yield f".{name}[{index}]", below
