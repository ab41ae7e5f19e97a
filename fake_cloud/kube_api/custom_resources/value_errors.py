"""What a schema says against a value, in the words of k8s.io/kube-openapi/pkg/validation/errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_cloud.kube_api.status_errors import FieldError, invalid_value, not_supported, required
from fake_cloud.kube_api.store import encode

NOWHERE = "<nil>"
"""How Go prints the path of an error that has none."""


def bad_type(path: str, wanted: str, seen: str) -> FieldError:
    text = f'Invalid value: "{seen}": {path} in body must be of type {wanted}: "{seen}"'
    return FieldError(_field(path), "FieldValueTypeInvalid", text)


def bad_format(path: str, wanted: str, value: str) -> FieldError:
    quoted = encode(value).decode()
    text = f"Invalid value: {quoted}: {path} in body must be of type {wanted}: {quoted}"
    return FieldError(_field(path), "FieldValueTypeInvalid", text)


def against(path: str, value: Any, why: str) -> FieldError:
    """`why` goes on after the name of the field."""
    return invalid_value(_field(path), go_number(value), f"{path} in body {why}")


def missing(path: str) -> FieldError:
    return required(_field(path))


def not_among(path: str, value: Any, choices: Sequence[Any]) -> FieldError:
    seen = "null" if value is None else go_number(value)
    texts = [c if isinstance(c, str) else encode(c).decode() for c in choices]
    return not_supported(_field(path), seen, texts)


def too_long_text(path: str, limit: int) -> FieldError:
    unit = "byte" if limit == 1 else "bytes"
    text = f"Too long: may not be more than {limit} {unit}"
    return FieldError(_field(path), "FieldValueTooLong", text)


def too_many(path: str, count: int, limit: int) -> FieldError:
    unit = "item" if limit == 1 else "items"
    text = f"Too many: {count}: must have at most {limit} {unit}"
    return FieldError(_field(path), "FieldValueTooMany", text)


def composite(path: str, why: str) -> FieldError:
    """Of `anyOf` and its like: such an error names no field."""
    return FieldError(NOWHERE, "FieldValueInvalid", f'Invalid value: "": "{path}" {why}')


def out_of_range(path: str, form: str) -> FieldError:
    why = f"Checked value must be of type integer {form} in {path}"
    return FieldError(NOWHERE, "FieldValueInvalid", f'Invalid value: "": {why}')


def bad_factor(path: str, factor: float) -> FieldError:
    why = f"factor MultipleOf declared for {path} must be positive: {factor}"
    return invalid_value(_field(path), factor, why)


def go_number(value: Any) -> Any:
    """Go prints whole floating point numbers without a fraction."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _field(path: str) -> str:
    return path.removeprefix(".") or NOWHERE
