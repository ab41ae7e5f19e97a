"""Errors of the API as `Status` objects, with the codes, reasons and words of apimachinery.

Source of the texts: k8s.io/apimachinery/pkg/api/errors and pkg/util/validation/field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

Cause = dict[str, str]


class StatusError(Exception):
    """The server refuses. `status` is the `Status` object that the client gets.

    `warnings` are what was said before it was refused.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        details: dict[str, Any] | None = None,
    ):
        super().__init__(message)
        self.warnings: list[str] = []
        self.code = code
        self.status: dict[str, Any] = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            **({"reason": reason} if reason else {}),
            **({"details": details} if details is not None else {}),
            "code": code,
        }


@dataclass(frozen=True, slots=True)
class About:
    """What an error is about: the `details` of a Status."""

    group: str
    plural: str
    kind: str

    @property
    def qualified(self) -> str:
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_kind(self) -> str:
        return f"{self.kind}.{self.group}" if self.group else self.kind

    def details(self, name: str = "", *, kind: bool = False) -> dict[str, Any]:
        given = {"name": name, "group": self.group, "kind": self.kind if kind else self.plural}
        return {key: value for key, value in given.items() if value}


def not_found(about: About, name: str) -> StatusError:
    message = f'{about.qualified} "{name}" not found'
    return StatusError(404, "NotFound", message, about.details(name))


def already_exists(about: About, name: str, *, deleting: bool = False) -> StatusError:
    message = f'{about.qualified} "{name}" already exists'
    if deleting:
        message = f"object is being deleted: {message}"
    return StatusError(409, "AlreadyExists", message, about.details(name))


MODIFIED = (
    "the object has been modified; please apply your changes to the latest version and try again"
)


def conflict(about: About, name: str, why: str = MODIFIED) -> StatusError:
    message = f'Operation cannot be fulfilled on {about.qualified} "{name}": {why}'
    return StatusError(409, "Conflict", message, about.details(name))


def apply_conflict(message: str, causes: Sequence[Cause]) -> StatusError:
    """Others own what an apply patch wants to change."""
    return StatusError(409, "Conflict", message, {"causes": list(causes)})


def forbidden(about: About, name: str, why: str, causes: Sequence[Cause] = ()) -> StatusError:
    message = f'{about.qualified} "{name}" is forbidden: {why}'
    details = about.details(name)
    if causes:
        details["causes"] = list(causes)
    return StatusError(403, "Forbidden", message, details)


def bad_request(message: str) -> StatusError:
    return StatusError(400, "BadRequest", message)


def generic_not_found() -> StatusError:
    """A path that no resource serves (its `details` are empty, as in kube-apiserver)."""
    return StatusError(404, "NotFound", "the server could not find the requested resource", {})


def method_not_allowed() -> StatusError:
    message = "the server does not allow this method on the requested resource"
    return StatusError(405, "MethodNotAllowed", message, {})


def unsupported_patch_type(*, custom: bool = False) -> StatusError:
    """Patches are filtered by their type before anything else looks at them.

    Those of custom resources reach a handler, which knows what it takes.
    """
    if custom:
        return unsupported_media_type(CUSTOM_PATCHES)
    return StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})


CUSTOM_PATCHES = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/apply-patch+yaml",
)


def internal(message: str) -> StatusError:
    """An error that kube-apiserver does not explain any further."""
    return StatusError(500, "", message)


def unsupported_media_type(supported: Sequence[str]) -> StatusError:
    accepted = ", ".join(supported)
    message = (
        "the body of the request was in an unknown format - "
        f"accepted media types include: {accepted}"
    )
    return StatusError(415, "UnsupportedMediaType", message)


def not_acceptable(message: str, details: dict[str, Any] | None = None) -> StatusError:
    return StatusError(406, "NotAcceptable", message, details)


def expired(message: str) -> StatusError:
    return StatusError(410, "Expired", message)


def unauthorized() -> StatusError:
    return StatusError(401, "Unauthorized", "Unauthorized")


def too_large_resource_version(wanted: int, current: int) -> StatusError:
    """A list at a revision that does not exist yet (apiserver pkg/storage/errors.go)."""
    message = f"Too large resource version: {wanted}, current: {current}"
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    return StatusError(
        504, "Timeout", f"Timeout: {message}", {"causes": [cause], "retryAfterSeconds": 1}
    )


@dataclass(frozen=True, slots=True)
class FieldError:
    """One complaint of validation: `reason` as in a cause, `text` without the field's name."""

    field: str
    reason: str
    text: str

    def cause(self) -> Cause:
        return {"reason": self.reason, "message": self.text, "field": self.field}

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


QUOTED = str.maketrans(
    {chr(code): f"\\x{code:02x}" for code in (*range(32), 127)}
    | {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    | {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
)
"""What Go's %q escapes, in ASCII."""


def shown(value: object) -> str:
    """A value inside a message, as Go's `field.Error` prints it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value.translate(QUOTED)}"'
    if isinstance(value, int | float):
        return str(value)
    return msgspec.json.encode(value).decode()


def invalid_value(field: str, value: object, why: str) -> FieldError:
    return FieldError(field, "FieldValueInvalid", f"Invalid value: {shown(value)}: {why}")


def required(field: str, why: str = "") -> FieldError:
    return FieldError(
        field, "FieldValueRequired", f"Required value: {why}" if why else "Required value"
    )


def duplicate(field: str, value: object) -> FieldError:
    return FieldError(field, "FieldValueDuplicate", f"Duplicate value: {shown(value)}")


def not_found_value(field: str, value: object) -> FieldError:
    """A name inside the object that names nothing."""
    return FieldError(field, "FieldValueNotFound", f"Not found: {shown(value)}")


def not_supported(field: str, value: object, supported: Sequence[str]) -> FieldError:
    choices = ", ".join(f'"{item}"' for item in supported)
    text = f"Unsupported value: {shown(value)}: supported values: {choices}"
    return FieldError(field, "FieldValueNotSupported", text)


def forbidden_field(field: str, why: str) -> FieldError:
    return FieldError(field, "FieldValueForbidden", f"Forbidden: {why}")


def too_long(field: str, limit: int) -> FieldError:
    return FieldError(field, "FieldValueTooLong", f"Too long: may not be more than {limit} bytes")


def invalid(about: About, name: str, errors: Sequence[FieldError]) -> StatusError:
    """422 with one cause an error."""
    texts = list(dict.fromkeys(str(error) for error in errors))
    joined = texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    message = f'{about.qualified_kind} "{name}" is invalid: {joined}'
    details = about.details(name, kind=True)
    details["causes"] = [error.cause() for error in errors]
    return StatusError(422, "Invalid", message, details)
