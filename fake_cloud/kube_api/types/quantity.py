"""Quantities such as `16Gi` or `250m`, written back in canonical form as apimachinery does."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from fake_cloud.kube_api.types.schema import Mismatch, Path

FORM = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?")
CANONICAL = re.compile(r"[1-9]\d{0,2}(?:Ki|Mi|Gi|Ti|Pi|Ei|[mkMGTPE])?|0")
BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BAD = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


class Quantity:
    """`resource.Quantity`: text or a number in, canonical text out."""

    go = "resource.Quantity"

    def decode(self, value: Any, unknown: list[Path]) -> Any:  # noqa: ARG002
        if type(value) not in (str, int, float):
            raise Mismatch(value, self.go)
        text = str(value)
        return text if CANONICAL.fullmatch(text) else canonical(text)

    def zero(self) -> str:
        return "0"


def number(text: str) -> Decimal:
    """The value behind canonical text."""
    match = FORM.fullmatch(text)
    assert match is not None, f"{text} is no quantity"
    mantissa, suffix = Decimal(match.group(1)), match.group(2) or ""
    if suffix in BINARY:
        return mantissa * Decimal(1024) ** BINARY[suffix]
    if suffix in DECIMAL:
        return mantissa.scaleb(DECIMAL[suffix])
    return mantissa.scaleb(int(suffix[1:]))


def canonical(text: str) -> str:
    """The shortest exact form with the given kind of suffix. Raises `Mismatch` for no quantity."""
    match = FORM.fullmatch(text)
    if match is None:
        raise Mismatch(text, Quantity.go, BAD)
    number, suffix = Decimal(match.group(1)), match.group(2) or ""
    if suffix in BINARY:
        return _binary(number * 1024 ** BINARY[suffix])
    if suffix[:1] in ("e", "E") and len(suffix) > 1:
        exponent = int(suffix[1:])
        return _decimal(number.scaleb(exponent), exponent_form=True)
    return _decimal(number.scaleb(DECIMAL[suffix]), exponent_form=False)


def _binary(number: Decimal) -> str:
    if number == 0 or number != number.to_integral_value():
        return _decimal(number, exponent_form=False)
    whole, power = int(number), 0
    while power < len(BINARY) and whole % 1024 == 0:
        whole, power = whole // 1024, power + 1
    return f"{whole}{['', *BINARY][power]}"


def _decimal(number: Decimal, *, exponent_form: bool) -> str:
    if number == 0:
        return "0"
    for suffix, exponent in reversed(DECIMAL.items()):
        scaled = number.scaleb(-exponent)
        if scaled == scaled.to_integral_value():
            tail = f"e{exponent}" if exponent_form and exponent else suffix
            return f"{int(scaled)}{tail}"
    return f"{-(-number.scaleb(9) // 1)}n"
