"""Schemas that decode JSON the way the Go types do: strict types, known fields, empty values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

GO_NAMES = {str: "string", bool: "bool", int: "number", float: "number", dict: "object"}

Path = list[str]


class Mismatch(Exception):
    """A value that the Go type cannot hold. `path` is filled while the error travels up."""

    def __init__(self, value: Any, wanted: str, text: str = ""):
        super().__init__(text)
        self.value, self.wanted, self.text = value, wanted, text
        self.struct = ""
        self.path: Path = []

    def __str__(self) -> str:
        if self.text:
            return self.text
        where = ".".join(part for part in self.path if not part.startswith("["))
        target = f"Go struct field {self.struct}.{where}" if self.struct else "Go value"
        seen = go_name(self.value)
        if seen == "number" and "int" in self.wanted:
            seen = f"number {self.value}"
        return f"json: cannot unmarshal {seen} into {target} of type {self.wanted}"


class Schema(Protocol):
    """One type. `decode` appends the paths of unknown fields to `unknown`."""

    @property
    def go(self) -> str: ...

    def decode(self, value: Any, unknown: list[Path]) -> Any: ...

    def zero(self) -> Any:
        """What the Go encoder writes for a value that was never set."""
        ...


GO_TYPES: dict[type, str] = {
    str: "string",
    bool: "bool",
    int: "int64",
    float: "float64",
    dict: "map[string]interface {}",
    list: "[]interface {}",
}
"""What untyped JSON is in Go, as `%T` prints it."""


def go_name(value: object) -> str:
    """How Go's JSON decoder names a value in its errors."""
    return GO_NAMES.get(type(value), "array")


@dataclass(frozen=True, slots=True)
class ListOf:
    """A slice."""

    item: Schema

    @property
    def go(self) -> str:
        return f"[]{self.item.go}"

    def decode(self, value: Any, unknown: list[Path]) -> Any:
        if type(value) is not list:
            raise Mismatch(value, self.go)
        out = []
        for index, element in enumerate(value):
            known = len(unknown)
            try:
                out.append(
                    self.item.zero() if element is None else self.item.decode(element, unknown)
                )
            except Mismatch as mismatch:
                mismatch.path.insert(0, f"[{index}]")
                raise
            for path in unknown[known:]:
                path.insert(0, f"[{index}]")
        return out

    def zero(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map with string keys."""

    item: Schema

    @property
    def go(self) -> str:
        return f"map[string]{self.item.go}"

    def decode(self, value: Any, unknown: list[Path]) -> Any:
        if type(value) is not dict:
            raise Mismatch(value, self.go)
        plain = getattr(self.item, "python", None)
        if plain is not None and {*map(type, value.values())} <= {plain}:
            return dict(value)
        decode, zero = self.item.decode, self.item.zero
        return {
            key: zero() if element is None else decode(element, unknown)
            for key, element in value.items()
        }

    def zero(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a struct, with what strategic merge needs to know about it.

    `empty`: `drop` an empty value, `keep` it, or `fill` a missing one with zero. `index` is the
    place in the Go struct, `plain` the Python type of a scalar that needs no decoding. `default`
    counts where the field is the key of a list and is missing.
    """

    schema: Schema
    empty: str
    index: int = 0
    merge_key: str = ""
    strategy: str = ""
    list_type: str = ""
    map_keys: tuple[str, ...] = ()
    plain: type | None = None
    default: Any = None


@dataclass(slots=True)
class Struct:
    """A Go struct. Fields are set once, after all structs of a table exist.

    `atomic`: whoever applies one of its fields owns all of it.
    """

    go: str
    fields: dict[str, Field] = field(default_factory=dict)
    filled: list[tuple[str, Schema]] = field(default_factory=list)
    atomic: bool = False

    def decode(self, value: Any, unknown: list[Path]) -> Any:
        if type(value) is not dict:
            raise Mismatch(value, self.go)
        out: dict[str, Any] = {}
        fields, last, ordered = self.fields, -1, True
        for name, given in value.items():
            known = fields.get(name)
            if known is None:
                unknown.append([name])
            elif given is not None:
                plain = type(given) is known.plain
                decoded = given if plain else self._field(name, known, given, unknown)
                if decoded or known.empty != "drop":
                    out[name] = decoded
                    ordered = ordered and known.index > last
                    last = known.index
        for name, schema in self.filled:
            if name not in out:
                out[name] = schema.zero()
                ordered = False
        return out if ordered else self._in_order(out)

    def _in_order(self, value: dict[str, Any]) -> dict[str, Any]:
        fields = self.fields
        return {name: value[name] for name in sorted(value, key=lambda name: fields[name].index)}

    def _field(self, name: str, known: Field, given: Any, unknown: list[Path]) -> Any:
        before = len(unknown)
        try:
            decoded = known.schema.decode(given, unknown)
        except Mismatch as mismatch:
            mismatch.path.insert(0, name)
            mismatch.struct = mismatch.struct or self.go.rsplit(".", 1)[-1]
            raise
        if len(unknown) > before:
            for path in unknown[before:]:
                path.insert(0, name)
        return decoded

    def put_in_order(self, value: dict[str, Any]) -> None:
        """The parts of an object, as far as the server itself may have added to them."""
        for name, part in value.items():
            known = self.fields.get(name)
            if known is not None and isinstance(known.schema, Struct) and name != "metadata":
                value[name] = known.schema._in_order(part)  # noqa: SLF001 - of the same class

    def zero(self) -> dict[str, Any]:
        return {name: schema.zero() for name, schema in self.filled}


def dotted(path: Path) -> str:
    """`spec.ports[0].name`, as Kubernetes writes paths of fields."""
    return ".".join(path).replace(".[", "[")
