"""Request bodies: media type, JSON or YAML, group version kind, strict decoding into the type.

Follows k8s.io/apiserver/pkg/endpoints/handlers/{create,update,rest}.go and
k8s.io/apimachinery/pkg/runtime/serializer/json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fake_cloud.kube_api.bodies.go_json import go_json_error
from fake_cloud.kube_api.bodies.go_yaml import load_yaml
from fake_cloud.kube_api.bodies.strictness import (
    json_complaints,
    repeated_field,
    repeated_keys,
    repeated_yaml_keys,
    unknown_field,
)
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.protobuf.envelope import PROTOBUF, message_of, open_envelope
from fake_cloud.kube_api.protobuf.wire import Malformed
from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    StatusError,
    bad_request,
    invalid,
    invalid_value,
    not_supported,
    unsupported_media_type,
)
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.types.schema import Mismatch, Path, go_name
from fake_cloud.kube_api.types.table import ResourceType

JSON, YAML = "application/json", "application/yaml"
ACCEPTED = (JSON, YAML, PROTOBUF)
VALIDATIONS = ("Ignore", "Strict", "Warn")
OPTIONS = "DeleteOptions"
"""What a body is where no kind is asked for."""

Kinds = Mapping[tuple[str, str], ResourceType]
"""Every (apiVersion, kind) that the server knows."""

NO_KIND = "couldn't get version/kind; json parse error: "
TYPE_META = (
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; '
    'Kind string "json:\\"kind,omitempty\\"" }'
)
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


def parse(request: Request, kind: str, api_version: str = "v1") -> Any:
    """The document in the body. Raises 400 or 415 `StatusError`."""
    media = media_type(request)
    if media in ("", JSON):
        return parse_json(request.body, kind)
    if media == YAML:
        return parse_yaml(request.body, kind)
    if media == PROTOBUF:
        return parse_protobuf(request.body, kind, api_version)
    raise unsupported_media_type(ACCEPTED)


def parse_protobuf(body: bytes, kind: str, api_version: str) -> Body:
    """A kind without a message is left to the check of kinds."""
    try:
        envelope = open_envelope(body)
    except Malformed as malformed:
        raise unreadable(kind, str(malformed), body) from None
    version, said = envelope.api_version or api_version, envelope.kind or kind or OPTIONS
    named = {"kind": said, "apiVersion": version}
    try:
        return {**named, **message_of(version, said).read(envelope.raw)}
    except KeyError:
        return named
    except Malformed as malformed:
        why = str(malformed)
        raise bad_request(_cannot_be_handled(said, version, kind, why) if kind else why) from None


def parse_yaml(body: bytes, kind: str) -> Any:
    try:
        return load_yaml(body)
    except ValueError as error:
        raise unreadable(kind, f"error converting YAML to JSON: {error}", body) from None


def parse_json(body: bytes, kind: str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable(kind, NO_KIND + go_json_error(body, error), body) from None
    except RecursionError:
        why = f"{NO_KIND}invalid character '{{' exceeded max depth"
        raise unreadable(kind, why, body) from None


def unreadable(kind: str, why: str, body: bytes) -> StatusError:
    """Without a kind (options) only the reason is told."""
    if not kind:
        return bad_request(why)
    return bad_request(
        f"the object provided is unrecognized (must be of type {kind}): {why} ({_summary(body)})"
    )


def _summary(body: bytes) -> str:
    if not body:
        return "<empty>"
    start = body[:SHOWN_BYTES]
    shown = start.decode(errors="replace") if body.startswith(b"{") else start.hex()
    return shown + (" ..." if len(body) > SHOWN_BYTES else "")


def read_object(request: Request, resource: ResourceType, validation: str, known: Kinds) -> Decoded:
    """An object of this resource. Raises 400 or 415 `StatusError`."""
    document = parse(request, resource.kind, resource.api_version)
    if not isinstance(document, dict):
        why = f"json: cannot unmarshal {go_name(document)} into Go value of type {TYPE_META}"
        raise unreadable(resource.kind, NO_KIND + why, request.body)
    if resource.custom is not None:
        check_custom_kind(request, document, resource)
    else:
        check_kind(document, resource, known)
    if media_type(request) == PROTOBUF:
        validation = "Ignore"  # other minors have other fields, and generated code skips them
    return decode_object(document, resource, validation, _complaints(request, resource, document))


Complaints = Callable[[list[Path]], list[str]]
"""From the unknown fields to all that a body says in vain, in the order of the real server."""


def _complaints(request: Request, resource: ResourceType, document: Body) -> Complaints:
    def of_yaml(unknown: list[Path]) -> list[str]:
        lines = repeated_yaml_keys(request.body)
        doubled = ["\n  ".join([YAML_ERRORS, *lines])] if lines else []
        return [*doubled, *map(unknown_field, sorted(unknown))]

    def of_custom(unknown: list[Path]) -> list[str]:
        doubled = map(repeated_field, repeated_keys(request.body, document))
        return [*doubled, *map(unknown_field, sorted(unknown))]

    if media_type(request) == YAML:
        return of_yaml
    if resource.custom is not None:
        return of_custom
    return lambda unknown: json_complaints(request.body, document, unknown)


YAML_ERRORS = "yaml: unmarshal errors:"


def _warnings(complaints: list[str]) -> list[str]:
    """Those of YAML line by line."""
    return [
        line.strip()
        for text in complaints
        for line in text.removeprefix(YAML_ERRORS).splitlines()
        if line.strip()
    ]


def check_custom_kind(request: Request, document: Body, resource: ResourceType) -> None:
    """Custom resources must say both. Raises a 400 or 422 `StatusError`."""
    kind, version = document.get("kind", ""), document.get("apiVersion", "")
    if not kind:
        why = f"Object 'Kind' is missing in '{request.body.decode(errors='replace')}'"
        raise unreadable(resource.kind, why, request.body)
    if version != resource.api_version:
        raise bad_request(_other_version(version, resource))
    refuse_other_kind(document, resource)


def refuse_other_kind(document: Body, resource: ResourceType) -> None:
    """422 for a custom resource that calls itself another one."""
    metadata = document.get("metadata") or {}
    for part, wanted in (("kind", resource.kind), ("apiVersion", resource.api_version)):
        given = document.get(part)
        if given != wanted:
            about = About(resource.group, "", str(document.get("kind")))
            error = invalid_value(part, given, f"must be {wanted}")
            raise invalid(about, metadata.get("name", ""), [error])


def check_kind(document: Body, resource: ResourceType, known: Kinds) -> None:
    """The body's apiVersion and kind; both may be left out. Raises a 400 `StatusError`."""
    kind = document.get("kind") or resource.kind
    version = document.get("apiVersion") or resource.api_version
    if (kind, version) == (resource.kind, resource.api_version):
        return
    if (version, kind) not in known:
        why = not_registered(kind, version)
    elif kind == resource.kind:
        raise bad_request(_other_version(version, resource))
    else:
        why = no_conversion(kind, resource)
    raise bad_request(_cannot_be_handled(kind, version, resource.kind, why))


def _other_version(version: str, resource: ResourceType) -> str:
    return (
        f"the API version in the data ({version}) does not match the expected API version "
        f"({resource.api_version})"
    )


def _cannot_be_handled(kind: str, api_version: str, wanted: str, why: str) -> str:
    number = api_version.rpartition("/")[2]
    return f'{kind} in version "{number}" cannot be handled as a {wanted}: {why}'


def no_conversion(kind: str, resource: ResourceType) -> str:
    internal = f"{resource.group.split('.')[0] or 'core'}.{resource.kind}"
    return f"converting (v1.{kind}) to ({internal}): unknown conversion"


def not_registered(kind: str, version: str) -> str:
    return (
        f'no kind "{kind}" is registered for version "{version}" '
        'in scheme "pkg/runtime/scheme.go:111"'
    )


def decode_object(
    document: Body, resource: ResourceType, validation: str, complaints: Complaints
) -> Decoded:
    """Into the type: what is said in vain is dropped, refused or warned about."""
    unknown: list[Path] = []
    try:
        body: Body = resource.struct.decode(document, unknown)
    except Mismatch as mismatch:
        raise bad_request(_refused(resource, str(mismatch))) from None
    body = {"metadata": {}, **body, "kind": resource.kind, "apiVersion": resource.api_version}
    said = [] if validation == "Ignore" else complaints(unknown)
    if said and validation == "Strict":
        raise bad_request(_refused(resource, f"strict decoding error: {', '.join(said)}"))
    return Decoded(body, _warnings(said))


def _refused(resource: ResourceType, why: str) -> str:
    return _cannot_be_handled(resource.kind, resource.version, resource.kind, why)
