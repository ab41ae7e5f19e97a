"""Values without parts: between the wire and JSON."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from typing import Any, Protocol

from fake_cloud.kube_api.protobuf.wire import BYTES, EIGHT, NUMBER, Raw


class Value(Protocol):
    """A type. `empty` is what an entry of a map without a value has."""

    @property
    def wire(self) -> int: ...

    @property
    def empty(self) -> Any: ...

    def read(self, raw: Any) -> Any:
        """Raises `Malformed`."""
        ...

    def write(self, value: Any) -> Raw: ...


class Text:
    wire, empty = BYTES, ""

    def read(self, raw: bytes) -> str:
        return raw.decode(errors="replace")

    def write(self, value: str) -> bytes:
        return value.encode()


class Binary:
    """Base64 in JSON."""

    wire, empty = BYTES, ""

    def read(self, raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    def write(self, value: str) -> bytes:
        return base64.b64decode(value)


class Truth:
    wire, empty = NUMBER, False

    def read(self, raw: int) -> bool:
        return raw != 0

    def write(self, value: bool) -> int:
        return int(value)


@dataclass(frozen=True, slots=True)
class Whole:
    """A signed number of so many bits; negative ones have 64 on the wire."""

    bits: int
    wire: int = NUMBER
    empty: int = 0

    def read(self, raw: int) -> int:
        value = raw & (1 << self.bits) - 1
        return value - (1 << self.bits) if value >> self.bits - 1 else value

    def write(self, value: int) -> int:
        return value & (1 << 64) - 1


class Double:
    """Written as Go writes it: without a fraction if it has none."""

    wire, empty = EIGHT, 0

    def read(self, raw: bytes) -> float:
        value: float = struct.unpack("<d", raw)[0]
        return int(value) if value.is_integer() else value

    def write(self, value: float) -> bytes:
        return struct.pack("<d", value)


SCALARS: dict[str, Value] = {
    "string": Text(),
    "bytes": Binary(),
    "bool": Truth(),
    "int32": Whole(32),
    "int64": Whole(64),
    "double": Double(),
}
