"""How a type divides into fields that can be owned one by one.

Made of a type table's schemas, or of the JSON Schema of a custom resource. Follows
k8s.io/kube-openapi/pkg/schemaconv and sigs.k8s.io/structured-merge-diff schema/elements.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_cloud.kube_api.types.schema import Field, ListOf, MapOf, Schema, Struct

MAP, LIST = "map", "list"


@dataclass(slots=True, eq=False)
class Shape:
    """`divides`: `map` or `list` if parts are owned one by one, else empty: owned as a whole.

    A map has named `fields`, and `item` for other keys (None: there are no others). A list has
    `item` and `keys` that tell its items apart; without keys it is a set. `defaults` count for
    missing keys. `holds` is what a value must be: `string`, `numeric`, `boolean`, `map`, `list`,
    `scalar` or empty for anything.
    """

    holds: str = ""
    divides: str = ""
    fields: dict[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    keys: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)


UNTYPED = Shape()
"""Anything, owned as a whole."""

DEDUCED = Shape(divides=MAP)
"""Anything; objects divide into their fields, all else is owned as a whole."""
DEDUCED.item = DEDUCED

SCALARS = {
    "string": "string",
    "[]uint8": "string",
    "v1.Time": "string",
    "v1.MicroTime": "string",
    "bool": "boolean",
    "int32": "numeric",
    "int64": "numeric",
    "float64": "numeric",
    "intstr.IntOrString": "scalar",
    "resource.Quantity": "scalar",
}
"""By the Go type of a schema."""


class Shapes:
    """Shapes of structs, made once each: types may contain themselves."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Struct, Shape]] = {}

    def of(self, struct: Struct, *, atomic: bool | None = None) -> Shape:
        """`atomic` is what the field that holds the struct says against the struct's own word."""
        whole = struct.atomic if atomic is None else atomic
        if whole != struct.atomic:
            return self._fill(Shape(), struct, atomic=whole)
        found = self._made.get(id(struct))
        if found is None:
            found = self._made[id(struct)] = (struct, Shape())
            self._fill(found[1], struct, atomic=whole)
        return found[1]

    def _fill(self, shape: Shape, struct: Struct, *, atomic: bool) -> Shape:
        shape.holds, shape.divides = MAP, "" if atomic else MAP
        shape.fields = {name: self._field(known) for name, known in struct.fields.items()}
        return shape

    def _field(self, known: Field) -> Shape:
        schema = known.schema
        if isinstance(schema, ListOf):
            return self._list(schema, known)
        if isinstance(schema, MapOf):
            divides = "" if known.list_type == "atomic" else MAP
            return Shape(MAP, divides, item=self._inner(schema.item))
        if isinstance(schema, Struct):
            atomic = {"atomic": True, "granular": False}.get(known.list_type)
            return self.of(schema, atomic=atomic)
        return self._inner(schema)

    def _list(self, schema: ListOf, known: Field) -> Shape:
        item = self._inner(schema.item)
        if known.list_type not in ("set", "map"):
            return Shape(LIST, item=item)
        defaults = {}
        if known.map_keys and isinstance(schema.item, Struct):
            defaults = _key_defaults(schema.item, known.map_keys)
        return Shape(LIST, LIST, item=item, keys=known.map_keys, defaults=defaults)

    def _inner(self, schema: Schema) -> Shape:
        """What stands in a list or a map: no field says more about it."""
        if isinstance(schema, Struct):
            return self.of(schema)
        if isinstance(schema, ListOf):
            return Shape(LIST, item=self._inner(schema.item))
        if isinstance(schema, MapOf):
            return Shape(MAP, MAP, item=self._inner(schema.item))
        return Shape(SCALARS[schema.go]) if schema.go in SCALARS else UNTYPED


def _key_defaults(struct: Struct, keys: tuple[str, ...]) -> dict[str, Any]:
    known = {key: struct.fields[key] for key in keys}
    given = {key: f.default for key, f in known.items() if f.default is not None}
    return {key: f.schema.zero() for key, f in known.items() if f.empty == "fill"} | given


def shape_of_json_schema(
    schema: Mapping[str, Any], metadata: Shape, *, keeps: bool = False
) -> Shape:
    """The shape of a custom resource, whose `metadata` is that of every object.

    `schema` is the `openAPIV3Schema`; `keeps`: unknown fields are kept.
    """
    if not schema:
        return Shape(MAP, MAP, fields={"metadata": metadata, **_type_meta()}, item=DEDUCED)
    shape = _of_json_schema(schema, keeps=keeps)
    shape.fields = {**shape.fields, "metadata": metadata, **_type_meta()}
    return shape


def _type_meta() -> dict[str, Shape]:
    return {"apiVersion": Shape("string"), "kind": Shape("string")}


def _of_json_schema(schema: Mapping[str, Any], *, keeps: bool) -> Shape:
    keeps = keeps or schema.get("x-kubernetes-preserve-unknown-fields") is True
    kind = schema.get("type", "")
    if kind == "object":
        return _json_map(schema, keeps=keeps)
    if kind == "array":
        return _json_list(schema, keeps=keeps)
    if schema.get("x-kubernetes-int-or-string"):
        return Shape("scalar")
    if kind:
        return Shape({"integer": "numeric", "number": "numeric"}.get(kind, kind))
    return _json_map(schema, keeps=True) if schema.get("properties") else DEDUCED


def _json_map(schema: Mapping[str, Any], *, keeps: bool) -> Shape:
    fields = {
        name: _of_json_schema(inner, keeps=keeps)
        for name, inner in schema.get("properties", {}).items()
    }
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping):
        item: Shape | None = _of_json_schema(more, keeps=keeps)
    else:
        item = DEDUCED if more or (more is None and (keeps or not fields)) else None
    divides = "" if schema.get("x-kubernetes-map-type") == "atomic" else MAP
    return Shape(MAP, divides, fields, item)


def _json_list(schema: Mapping[str, Any], *, keeps: bool) -> Shape:
    items = schema.get("items", {})
    item = _of_json_schema(items, keeps=keeps) if items else UNTYPED
    list_type = schema.get("x-kubernetes-list-type")
    if list_type not in ("set", "map"):
        return Shape(LIST, item=item)
    keys = tuple(schema.get("x-kubernetes-list-map-keys", ())) if list_type == "map" else ()
    known = items.get("properties", {})
    defaults = {key: known[key]["default"] for key in keys if "default" in known.get(key, {})}
    return Shape(LIST, LIST, item=item, keys=keys, defaults=defaults)
