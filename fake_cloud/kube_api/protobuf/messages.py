"""Messages: between bytes and the JSON form of objects, as the .proto files of this room say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from fake_cloud.kube_api.protobuf.proto_file import Declared, Label, Messages, read_proto
from fake_cloud.kube_api.protobuf.special import SPECIAL
from fake_cloud.kube_api.protobuf.values import SCALARS, Value
from fake_cloud.kube_api.protobuf.wire import BYTES, Malformed, Raw, parts, read_number, write_part

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field. The fields of an `inline` message stand among those of the outer one."""

    name: str
    value: Value
    label: Label
    inline: bool

    def read(self, wire: int, raw: Raw, into: Json) -> None:
        """Raises `Malformed`."""
        if self.label == "repeated":
            into.setdefault(self.name, []).extend(self._elements(wire, raw))
        elif self.label == "map":
            key, value = self._entry(_expected(self, BYTES, wire, raw))
            into.setdefault(self.name, {})[key] = value
        else:
            value = self.value.read(_expected(self, self.value.wire, wire, raw))
            into.update(value if self.inline else {self.name: value})

    def _elements(self, wire: int, raw: Raw) -> Iterator[Any]:
        """Numbers may come packed."""
        if wire == self.value.wire:
            yield self.value.read(raw)
            return
        packed, position = _expected(self, BYTES, wire, raw), 0
        while position < len(packed):
            number, position = read_number(packed, position)
            yield self.value.read(number)

    def _entry(self, raw: bytes) -> tuple[str, Any]:
        entry = {number: part for number, _, part in parts(raw)}
        key = SCALARS["string"].read(entry.get(1, b""))
        return key, self.value.read(entry[2]) if 2 in entry else self.value.empty

    def write(self, number: int, document: Json) -> Iterator[bytes]:
        if self.inline:
            yield write_part(number, BYTES, self.value.write(document))
            return
        given = document.get(self.name)
        if given is None:
            return
        if self.label == "map":
            for key, value in given.items():
                entry = write_part(1, BYTES, key.encode())
                entry += write_part(2, self.value.wire, self.value.write(value))
                yield write_part(number, BYTES, entry)
        else:
            for value in given if self.label == "repeated" else [given]:
                yield write_part(number, self.value.wire, self.value.write(value))


def _expected(field: Field, wanted: int, wire: int, raw: Raw) -> Any:
    if wire == wanted:
        return raw
    name = field.name[:1].upper() + field.name[1:]
    raise Malformed(f"proto: wrong wireType = {wire} for field {name}")


class Message:
    """A type with fields; made for one package, its fields when they are needed."""

    wire = BYTES

    def __init__(self, package: str, declared: Mapping[int, Declared]):
        self._package, self._declared = package, declared

    @cached_property
    def fields(self) -> dict[int, Field]:
        return {
            number: Field(d.json_name, self._value(d.type), d.label, d.inline)
            for number, d in sorted(self._declared.items())
        }

    def _value(self, kind: str) -> Value:
        if kind in SCALARS:
            return SCALARS[kind]
        return message(kind if "." in kind else f"{self._package}.{kind}")

    @property
    def empty(self) -> Json:
        return {}

    def read(self, raw: bytes) -> Json:
        """Fields that are not known are passed over. Raises `Malformed`."""
        out: Json = {}
        fields = self.fields
        for number, wire, part in parts(raw):
            field = fields.get(number)
            if field is not None:
                field.read(wire, part, out)
        return out

    def write(self, value: Json) -> bytes:
        """What is not in the object is not written: Go reads that as its zero value."""
        pieces = (f.write(number, value) for number, f in self.fields.items())
        return b"".join(piece for written in pieces for piece in written)


@dataclass(frozen=True, slots=True)
class Adapted:
    """A message whose JSON form is not its fields."""

    message: Message
    name: str
    wire: int = BYTES

    @property
    def empty(self) -> Any:
        return SPECIAL[self.name].to_json({})

    def read(self, raw: bytes) -> Any:
        return SPECIAL[self.name].to_json(self.message.read(raw))

    def write(self, value: Any) -> bytes:
        fields = {} if value is None else SPECIAL[self.name].from_json(value)
        return self.message.write(fields)


Type = Message | Adapted


@cache
def message(name: str) -> Type:
    """By full name. Raises KeyError for a message that no .proto file has."""
    package, _, short = name.rpartition(".")
    found = Message(package, declared_in(package)[short])
    return Adapted(found, name) if name in SPECIAL else found


@cache
def declared_in(package: str) -> Messages:
    """The messages of a package; none, if it has no .proto file."""
    path = files(__package__).joinpath("proto", *package_folder(package), "generated.proto")
    return read_proto(path.read_text()) if path.is_file() else {}


def package_folder(package: str) -> list[str]:
    """`k8s.io.api.core.v1` is published in `k8s.io/api/core/v1`."""
    return ["k8s.io", *(part.replace("_", "-") for part in package.split(".")[2:])]
