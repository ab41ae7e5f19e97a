"""Schemas that decode JSON the way the Go types do: strict types, known fields, empty values."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

GO_NAMES = {str: "string", bool: "bool", int: "number", float: "number", dict: "object"}
SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")

Path = list[str]


class Mismatch(Exception):  # noqa: N818 - reads as a state
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


def go_name(value: object) -> str:
    """How Go's JSON decoder names a value in its errors."""
    return GO_NAMES.get(type(value), "array")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value of exactly this Python type."""

    go: str
    python: type
    empty: Any

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) is self.python:
            return value
        raise Mismatch(value, self.go)

    def zero(self) -> Any:
        return self.empty


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number of so many bits."""

    go: str
    bits: int

    def decode(self, value: Any, unknown: list[Path]) -> Any:
        if type(value) is int and -(2 ** (self.bits - 1)) <= value < 2 ** (self.bits - 1):
            return value
        if type(value) is float and value.is_integer():
            return self.decode(int(value), unknown)
        raise Mismatch(value, self.go)

    def zero(self) -> int:
        return 0


class Number:
    """A floating point number."""

    go = "float64"

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) in (int, float):
            return value
        raise Mismatch(value, self.go)

    def zero(self) -> int:
        return 0


class Anything:
    """JSON that the server does not look into."""

    go = "interface {}"

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        return value

    def zero(self) -> None:
        return None


class Bytes:
    """Base64 text."""

    go = "[]uint8"

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) is not str:
            raise Mismatch(value, self.go)
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error:
            good = re.match(r"[A-Za-z0-9+/]*", value)
            offset = len(good.group()) if good else 0
            raise Mismatch(value, self.go, f"illegal base64 data at input byte {offset}") from None
        return value

    def zero(self) -> None:
        return None


class IntOrString:
    """A port number or a name."""

    go = "intstr.IntOrString"

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) in (int, str):
            return value
        raise Mismatch(value, self.go)

    def zero(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Time:
    """RFC 3339, written back in UTC with whole seconds or with microseconds."""

    go: str
    exact: re.Pattern[str]
    form: str
    layout: str

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) is not str:
            raise Mismatch(value, "string")
        if self.exact.fullmatch(value):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            text = f'parsing time "{value}" as "{self.layout}": cannot parse "{value}" as "2006"'
            raise Mismatch(value, self.go, text)
        return moment.astimezone(UTC).strftime(self.form)

    def zero(self) -> None:
        return None


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
        if isinstance(self.item, Scalar) and {*map(type, value.values())} <= {self.item.python}:
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
    place in the Go struct, `plain` the Python type of a scalar that needs no decoding.
    """

    schema: Schema
    empty: str
    index: int = 0
    merge_key: str = ""
    strategy: str = ""
    list_type: str = ""
    map_keys: tuple[str, ...] = ()
    plain: type | None = None


@dataclass(slots=True)
class Struct:
    """A Go struct. Fields are set once, after all structs of a table exist."""

    go: str
    fields: dict[str, Field] = field(default_factory=dict)
    filled: list[tuple[str, Schema]] = field(default_factory=list)

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

    def zero(self) -> dict[str, Any]:
        return {name: schema.zero() for name, schema in self.filled}


SCALARS: dict[str, Schema] = {
    "string": Scalar("string", str, ""),
    "boolean": Scalar("bool", bool, False),
    "int32": Integer("int32", 32),
    "int64": Integer("int64", 64),
    "number": Number(),
    "any": Anything(),
    "bytes": Bytes(),
    "int-or-string": IntOrString(),
    "time": Time("v1.Time", SECONDS, "%Y-%m-%dT%H:%M:%SZ", "2006-01-02T15:04:05Z07:00"),
    "micro-time": Time(
        "v1.MicroTime", MICROSECONDS, "%Y-%m-%dT%H:%M:%S.%fZ", "2006-01-02T15:04:05.000000Z07:00"
    ),
}


def dotted(path: Path) -> str:
    """`spec.ports[0].name`, as Kubernetes writes paths of fields."""
    return ".".join(path).replace(".[", "[")
