"""Messages whose JSON form is not their fields: times, quantities, raw JSON, lists by a name.

Source: the code beside the types in k8s.io/apimachinery, api and apiextensions-apiserver.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from fake_cloud.kube_api.protobuf.wire import Malformed

Json = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
META = "k8s.io.apimachinery.pkg.apis.meta.v1"
EXTENSIONS = "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1"
POINTERS = {
    "$ref", "additionalItems", "additionalProperties", "default", "example",
    "x-kubernetes-preserve-unknown-fields", "x-kubernetes-list-type", "x-kubernetes-map-type",
}  # fmt: skip
"""Fields of JSONSchemaProps that keep an empty value."""


@dataclass(frozen=True, slots=True)
class Special:
    """`to_json` gets the fields that were on the wire, `from_json` gives them back."""

    to_json: Callable[[Json], Any]
    from_json: Callable[[Any], Json]


def _time(precision: str) -> Special:
    """Nothing on the wire is the zero time, which JSON shows as null or not at all."""

    def to_json(fields: Json) -> str | None:
        if not fields:
            return None
        microseconds = fields.get("nanos", 0) // 1000
        try:
            moment = EPOCH + timedelta(seconds=fields.get("seconds", 0), microseconds=microseconds)
        except OverflowError:
            raise Malformed("Time.MarshalJSON: year outside of range [0,9999]") from None
        return moment.isoformat(timespec=precision).replace("+00:00", "Z")

    def from_json(value: str) -> Json:
        since = datetime.fromisoformat(value) - EPOCH
        return {"seconds": since // SECOND, "nanos": since.microseconds * 1000}

    return Special(to_json, from_json)


def _raw(field: str) -> Special:
    """JSON in a message; nothing is null."""

    def to_json(fields: Json) -> Any:
        data = base64.b64decode(fields.get(field, ""))
        try:
            return msgspec.json.decode(data) if data else None
        except msgspec.DecodeError as error:
            raise Malformed(f"json: error calling MarshalJSON: {error}") from None

    def from_json(value: Any) -> Json:
        return {field: base64.b64encode(msgspec.json.encode(value)).decode()}

    return Special(to_json, from_json)


def _only(field: str, empty: Any) -> Special:
    """A message around one value."""
    return Special(lambda fields: fields.get(field, empty), lambda value: {field: value})


def _int_or_string(fields: Json) -> int | str:
    found: int | str = fields.get("strVal", "") if fields.get("type") else fields.get("intVal", 0)
    return found


def _from_int_or_string(value: int | str) -> Json:
    if isinstance(value, int):
        return {"type": 0, "intVal": value, "strVal": ""}
    return {"type": 1, "intVal": 0, "strVal": value}


def _schema_or(field: str, otherwise: type) -> Special:
    """A schema, or else a value of another form: `JSONSchemaPropsOrArray` and its like."""

    def to_json(fields: Json) -> Any:
        return fields["schema"] if "schema" in fields else fields.get(field, otherwise())

    def from_json(value: Any) -> Json:
        return {field: value} if isinstance(value, otherwise) else {"schema": value}

    return Special(to_json, from_json)


def _or_bool() -> Special:
    plain = _schema_or("allows", bool)

    def from_json(value: Any) -> Json:
        return {"allows": True, **plain.from_json(value)}

    return Special(plain.to_json, from_json)


def _without_empty(fields: Json) -> Json:
    """What `omitempty` does: the type tables do not look into `additionalProperties`."""
    return {k: v for k, v in fields.items() if k in POINTERS or (v != "" and v is not False)}


SPECIAL: dict[str, Special] = {
    f"{META}.Time": _time("seconds"),
    f"{META}.MicroTime": _time("microseconds"),
    f"{META}.FieldsV1": _raw("Raw"),
    f"{META}.Verbs": _only("items", []),
    "k8s.io.apimachinery.pkg.runtime.RawExtension": _raw("raw"),
    "k8s.io.apimachinery.pkg.api.resource.Quantity": _only("string", "0"),
    "k8s.io.apimachinery.pkg.util.intstr.IntOrString": Special(_int_or_string, _from_int_or_string),
    "k8s.io.api.authentication.v1.AttestationValue": _only("items", []),
    "k8s.io.api.authentication.v1.ExtraValue": _only("items", []),
    "k8s.io.api.authorization.v1.ExtraValue": _only("items", []),
    "k8s.io.api.certificates.v1.ExtraValue": _only("items", []),
    f"{EXTENSIONS}.JSON": _raw("raw"),
    f"{EXTENSIONS}.JSONSchemaProps": Special(_without_empty, lambda value: value),
    f"{EXTENSIONS}.JSONSchemaPropsOrArray": _schema_or("jSONSchemas", list),
    f"{EXTENSIONS}.JSONSchemaPropsOrBool": _or_bool(),
    f"{EXTENSIONS}.JSONSchemaPropsOrStringArray": _schema_or("property", list),
}
