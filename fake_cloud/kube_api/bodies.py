"""Request bodies: media type, JSON or YAML, group version kind, strict decoding into the type.

Follows k8s.io/apiserver/pkg/endpoints/handlers/{create,update,rest}.go and
k8s.io/apimachinery/pkg/runtime/serializer/json.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
import yaml

from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    bad_request,
    invalid,
    not_supported,
    unsupported_media_type,
)
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.types.schema import Mismatch, Path, dotted
from fake_cloud.kube_api.types.table import ResourceType

JSON, YAML = "application/json", "application/yaml"
ACCEPTED = (JSON, YAML)
VALIDATIONS = ("Ignore", "Warn", "Strict")
SHOWN_BYTES = 30
"""How much of an unreadable body an error shows: summarizeData in rest.go."""


@dataclass(slots=True)
class Decoded:
    """A body in its type, and what to warn about."""

    body: Body
    warnings: list[str] = field(default_factory=list)


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def field_validation(request: Request, options_kind: str) -> str:
    """The `fieldValidation` parameter. Raises 422 for an unknown one."""
    given = request.query.get("fieldValidation", "")
    if given and given not in VALIDATIONS:
        errors = [not_supported("fieldValidation", given, ("", *VALIDATIONS))]
        raise invalid(About("meta.k8s.io", "", options_kind), "", errors)
    return given or "Warn"


def dry_run(request: Request, options_kind: str, body: Body | None = None) -> bool:
    """Whether nothing may be stored. Raises 422 for anything but `All`."""
    given = request.query.get("dryRun")
    values = (body or {}).get("dryRun") or ([given] if given is not None else [])
    if not values:
        return False
    if values != ["All"]:
        error = FieldError("dryRun", "FieldValueNotSupported", _bad_dry_run(values))
        raise invalid(About("meta.k8s.io", "", options_kind), "", [error])
    return True


def _bad_dry_run(values: list[str]) -> str:
    shown = ",".join(f'"{value}"' for value in values)
    return f'Unsupported value: [{shown}]: supported values: "All"'


def parse(request: Request, kind: str) -> Any:
    """The document in the body. Raises 400 or 415 `StatusError`."""
    media = media_type(request)
    if media in ("", JSON):
        return parse_json(request.body, kind)
    if media in (YAML, "application/x-yaml", "text/yaml") and media == YAML:
        try:
            return yaml.safe_load(request.body)
        except yaml.YAMLError as error:
            raise unreadable(
                kind, f"error converting YAML to JSON: {error}", request.body
            ) from None
    raise unsupported_media_type((JSON, "application/yaml", "application/vnd.kubernetes.protobuf"))


def parse_json(body: bytes, kind: str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        why = f"couldn't get version/kind; json parse error: {go_json_error(body, error)}"
        raise unreadable(kind, why, body) from None


def go_json_error(body: bytes, error: Exception) -> str:
    """What Go's decoder says about the same bytes, for the usual mistakes."""
    text = body.decode(errors="replace").lstrip()
    if not text or "truncated" in str(error):
        return "unexpected end of JSON input"
    if text[0] not in '{["0123456789-tfn':
        return f"invalid character '{text[0]}' looking for beginning of value"
    return str(error)


def unreadable(kind: str, why: str, body: bytes) -> Exception:
    shown = body.decode(errors="replace")
    if len(body) > SHOWN_BYTES:
        shown = body[:SHOWN_BYTES].decode(errors="replace") + " ..."
    message = f"the object provided is unrecognized (must be of type {kind}): {why} ({_hex(body)})"
    return bad_request(message if body else message.replace(f" ({shown})", " (<empty>)"))


def _hex(body: bytes) -> str:
    if not body:
        return "<empty>"
    return body[:SHOWN_BYTES].hex() + (" ..." if len(body) > SHOWN_BYTES else "")


def read_object(request: Request, resource: ResourceType, validation: str) -> Decoded:
    """An object of this resource. Raises 400 or 415 `StatusError`."""
    document = parse(request, resource.kind)
    if not isinstance(document, dict):
        why = "couldn't get version/kind; json parse error: json: cannot unmarshal "
        raise unreadable(resource.kind, why + "into Go value of type struct", request.body)
    check_kind(document, resource)
    return decode_object(document, resource, validation)


def check_kind(document: Body, resource: ResourceType) -> None:
    """The body's apiVersion and kind; both may be left out."""
    kind = document.get("kind") or resource.kind
    version = document.get("apiVersion") or resource.api_version
    group = version.rpartition("/")[0]
    if kind != resource.kind:
        number = version.rpartition("/")[2]
        raise bad_request(
            f'{kind} in version "{number}" cannot be handled as a {resource.kind}: '
            f"converting (v1.{kind}).{resource.group} to (core.{resource.kind}): unknown conversion"
        )
    if version != resource.api_version:
        if group == resource.group:
            raise no_kind(kind, version, resource)
        raise bad_request(
            f"the API version in the data ({version}) does not match the expected API version "
            f"({resource.api_version})"
        )


def no_kind(kind: str, version: str, resource: ResourceType) -> Exception:
    number = version.rpartition("/")[2]
    return bad_request(
        f'{kind} in version "{number}" cannot be handled as a {resource.kind}: no kind "{kind}" is '
        f'registered for version "{version}" in scheme "pkg/api/legacyscheme/scheme.go:30"'
    )


def decode_object(document: Body, resource: ResourceType, validation: str) -> Decoded:
    """Into the type: unknown fields are dropped, refused or warned about."""
    unknown: list[Path] = []
    try:
        body: Body = resource.struct.decode(document, unknown)
    except Mismatch as mismatch:
        raise bad_request(
            f'{resource.kind} in version "{resource.version}" cannot be handled as a '
            f"{resource.kind}: {mismatch}"
        ) from None
    body = {**body, "kind": resource.kind, "apiVersion": resource.api_version}
    warnings = [f'unknown field "{dotted(path)}"' for path in sorted(unknown)]
    if warnings and validation == "Strict":
        raise bad_request(
            f'{resource.kind} in version "{resource.version}" cannot be handled as a '
            f"{resource.kind}: strict decoding error: {', '.join(warnings)}"
        )
    return Decoded(body, warnings if validation == "Warn" else [])
