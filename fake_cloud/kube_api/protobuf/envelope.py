"""The envelope around an object: four bytes, then its apiVersion and kind, then its message.

Source: k8s.io/apimachinery/pkg/runtime/serializer/protobuf.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from functools import cache
from typing import Any

from fake_cloud.kube_api.protobuf.messages import Type, declared_in, message
from fake_cloud.kube_api.protobuf.special import META
from fake_cloud.kube_api.protobuf.wire import BYTES, Malformed, write_part

PROTOBUF = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\0"
UNKNOWN = "k8s.io.apimachinery.pkg.runtime.Unknown"
PACKAGES = {
    "apiextensions.k8s.io": "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions",
    "apiregistration.k8s.io": "k8s.io.kube_aggregator.pkg.apis.apiregistration",
    "meta.k8s.io": "k8s.io.apimachinery.pkg.apis.meta",
}
"""Of groups that are not called as their package below `k8s.io.api`."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a body says about itself, and the message in it. Both names may be empty."""

    api_version: str
    kind: str
    raw: bytes


def open_envelope(body: bytes) -> Envelope:
    """Raises `Malformed`."""
    if not body:
        raise Malformed("empty data")
    if not body.startswith(MAGIC):
        wanted = " ".join(map(str, MAGIC))
        raise Malformed(
            f"provided data does not appear to be a protobuf message, expected prefix [{wanted}]"
        )
    if body == MAGIC:
        raise Malformed("empty body")
    found = message(UNKNOWN).read(body[len(MAGIC) :])
    raw = base64.b64decode(found.get("raw", ""))
    return Envelope(found.get("apiVersion", ""), found.get("kind", ""), raw)


def read_object(body: bytes) -> Json:
    """A whole body as JSON. Raises `Malformed`, and KeyError for a kind that has no message."""
    envelope = open_envelope(body)
    found = message_of(envelope.api_version, envelope.kind).read(envelope.raw)
    return {"kind": envelope.kind, "apiVersion": envelope.api_version, **found}


def write_object(document: Json) -> bytes:
    """A whole body. Raises KeyError for an object that has no message."""
    version, kind = document.get("apiVersion", ""), document["kind"]
    raw = base64.b64encode(message_of(version, kind).write(document)).decode()
    return MAGIC + message(UNKNOWN).write({"apiVersion": version, "kind": kind, "raw": raw})


def write_event(kind: str, document: Json) -> bytes:
    """One event of a watch: its length in four bytes, then a WatchEvent around a whole body."""
    body = write_part(1, BYTES, write_object(document))
    event = write_part(1, BYTES, kind.encode()) + write_part(2, BYTES, body)
    return struct.pack(">I", len(event)) + event


def has_message(api_version: str, kind: str) -> bool:
    """Kinds that somebody defined have none."""
    try:
        message_of(api_version, kind)
    except KeyError:
        return False
    return True


@cache
def message_of(api_version: str, kind: str) -> Type:
    """Options and the like are kinds of every group version. Raises KeyError."""
    group, _, version = api_version.rpartition("/")
    package = PACKAGES.get(group) or f"k8s.io.api.{group.partition('.')[0] or 'core'}"
    name = next((p for p in (f"{package}.{version}", META) if kind in declared_in(p)), package)
    return message(f"{name}.{kind}")
