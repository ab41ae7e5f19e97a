"""Schemas of values without parts."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fake_cloud.kube_api.types.quantity import Quantity
from fake_cloud.kube_api.types.schema import Mismatch, Path, Schema

SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
UNTIL_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
MICROSECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


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

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) is int and -(2 ** (self.bits - 1)) <= value < 2 ** (self.bits - 1):
            return value
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
            if offset == len(value):
                offset -= offset % 4  # Go points to the beginning of the incomplete quantum
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
    fraction: bool = False

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) is not str:
            raise Mismatch(value, "string")
        if self.exact.fullmatch(value):
            return value
        if self.fraction and (match := UNTIL_SECONDS.match(value)):
            self._check_fraction(value, value[match.end() :])
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise self._unparsable(value, value, "2006")
        return moment.astimezone(UTC).strftime(self.form)

    def _check_fraction(self, value: str, rest: str) -> None:
        """Exactly six digits, then the zone."""
        if not re.match(r"\.\d{6}", rest):
            raise self._unparsable(value, rest, ".000000")
        if re.match(r"\.\d{7}", rest):
            raise self._unparsable(value, rest[7:], "Z07:00")

    def _unparsable(self, value: str, rest: str, wanted: str) -> Mismatch:
        text = f'parsing time "{value}" as "{self.layout}": cannot parse "{rest}" as "{wanted}"'
        return Mismatch(value, self.go, text)

    def zero(self) -> None:
        return None


SCALARS: dict[str, Schema] = {
    "string": Scalar("string", str, ""),
    "boolean": Scalar("bool", bool, False),
    "int32": Integer("int32", 32),
    "int64": Integer("int64", 64),
    "number": Number(),
    "any": Anything(),
    "quantity": Quantity(),
    "bytes": Bytes(),
    "int-or-string": IntOrString(),
    "time": Time("v1.Time", SECONDS, "%Y-%m-%dT%H:%M:%SZ", "2006-01-02T15:04:05Z07:00"),
    "micro-time": Time(
        "v1.MicroTime",
        MICROSECONDS,
        "%Y-%m-%dT%H:%M:%S.%fZ",
        "2006-01-02T15:04:05.000000Z07:00",
        fraction=True,
    ),
}
