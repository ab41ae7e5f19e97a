"""The type of custom resources as a `Struct`: what decodes bodies, and what others walk along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fake_cloud.kube_api.custom_resources.pruning import EMBEDDED, PRESERVE, part, prune
from fake_cloud.kube_api.custom_resources.validation import INT_OR_STRING
from fake_cloud.kube_api.types.custom import JsonSchema
from fake_cloud.kube_api.types.scalars import SCALARS
from fake_cloud.kube_api.types.schema import (
    Field,
    ListOf,
    MapOf,
    Mismatch,
    Path,
    Schema,
    Struct,
)

MAP_GO = "map[string]interface {}"


@dataclass(slots=True)
class CustomStruct(Struct):
    """A whole custom resource. Values against the schema are let in: validation speaks of them."""

    schema: JsonSchema = field(default_factory=dict)

    def decode(self, value: Any, unknown: list[Path]) -> Any:
        """Metadata has its Go type; of the rest only the unknown fields go."""
        if type(value) is not dict:
            raise Mismatch(value, MAP_GO)
        body = _copied(value)
        if "metadata" in body:
            body["metadata"] = self._metadata(body["metadata"], unknown)
        unknown += prune(body, self.schema)
        unknown += self._embedded(body, self.schema, [])
        return body

    def _embedded(self, value: Any, schema: JsonSchema, path: Path) -> Iterator[Path]:
        """Objects inside have typed metadata, too; what cannot be read is left to validation."""
        if isinstance(value, list):
            for index, element in enumerate(value):
                below = schema.get("items") or {}
                yield from self._embedded(element, below, [*path, f"[{index}]"])
        elif isinstance(value, dict):
            if schema.get(EMBEDDED) and isinstance(value.get("metadata"), dict):
                found: list[Path] = []
                with suppress(Mismatch):
                    value["metadata"] = self._metadata(value["metadata"], found)
                yield from ([*path, *one] for one in found)
            for name, element in value.items():
                yield from self._embedded(element, part(schema, name)[1] or {}, [*path, name])

    def _metadata(self, value: Any, unknown: list[Path]) -> Any:
        found: list[Path] = []
        decoded = self.fields["metadata"].schema.decode({} if value is None else value, found)
        unknown += (["metadata", *path] for path in found)
        return decoded

    def put_in_order(self, value: dict[str, Any]) -> None:
        """Go writes maps in the order of their keys."""
        for name in sorted(value):
            part = value.pop(name)
            value[name] = part if name == "metadata" else _sorted(part)


def custom_struct(kind: str, schema: JsonSchema, metadata: Struct) -> CustomStruct:
    """`metadata` is the type of `metadata`, the same for all kinds."""
    fields = {
        "apiVersion": Field(SCALARS["string"], "keep"),
        "kind": Field(SCALARS["string"], "keep"),
        "metadata": Field(metadata, "keep"),
    }
    properties = schema.get("properties") or {}
    below = {name: _field(part) for name, part in properties.items() if name not in fields}
    return CustomStruct(kind, fields | below, schema=schema)


def _field(schema: JsonSchema) -> Field:
    return Field(
        _type(schema),
        "keep",
        list_type=schema.get("x-kubernetes-list-type") or schema.get("x-kubernetes-map-type") or "",
        map_keys=tuple(schema.get("x-kubernetes-list-map-keys") or ()),
    )


def _type(schema: JsonSchema) -> Schema:
    if schema.get(INT_OR_STRING):
        return SCALARS["int-or-string"]
    kind = schema.get("type")
    if kind == "array":
        return ListOf(_type(schema.get("items") or {}))
    if kind == "object":
        return _object(schema)
    named = {"integer": "int64", "number": "number", "string": "string", "boolean": "boolean"}
    return SCALARS[named.get(str(kind), "any")]


def _object(schema: JsonSchema) -> Schema:
    if properties := schema.get("properties"):
        return Struct(MAP_GO, {name: _field(part) for name, part in properties.items()})
    additional = schema.get("additionalProperties")
    if isinstance(additional, dict):
        return MapOf(_type(additional))
    return SCALARS["any"] if schema.get(PRESERVE) else Struct(MAP_GO)


def _copied(value: Any) -> Any:
    """With whole numbers as Go writes them: without a fraction."""
    if isinstance(value, dict):
        return {name: _copied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
