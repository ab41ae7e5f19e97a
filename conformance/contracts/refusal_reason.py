"""Why the Kubernetes API refused a request, from the `Status` that it answered with."""

from __future__ import annotations

import json
import textwrap

MOST_STATUS_BYTES = 4096

MOST_REASON = 300
"""Characters."""

PROTOBUF_MAGIC = b"k8s\x00"
"""Before a `runtime.Unknown` (k8s.io/apimachinery pkg/runtime/serializer/protobuf)."""

RAW, MESSAGE, REASON = 2, 3, 4
"""Field numbers in `runtime.Unknown` and `metav1.Status` (their generated.proto)."""


def refusal_reason(status: int, body: bytes) -> str:
    """Reason and message of a `Status`, in one line of at most `MOST_REASON` characters.

    Empty when `status` is no refusal, and for an answer that is no such `Status` or a larger one.
    It is cut between words, so that no secret is left in half, where redaction would not know it.
    """
    if status < 400 or len(body) > MOST_STATUS_BYTES:
        return ""
    try:
        said = _from_protobuf(body) if body.startswith(PROTOBUF_MAGIC) else _from_json(body)
    except (ValueError, IndexError, RecursionError):
        return ""
    return textwrap.shorten(": ".join(filter(None, said)), MOST_REASON, placeholder=" ...")


def _from_json(body: bytes) -> tuple[str, str]:
    said = json.loads(body)
    if not isinstance(said, dict) or said.get("kind") != "Status":
        return "", ""
    return str(said.get("reason", "")), str(said.get("message", ""))


def _from_protobuf(body: bytes) -> tuple[str, str]:
    status = _fields(_fields(body[len(PROTOBUF_MAGIC) :]).get(RAW, b""))
    return status.get(REASON, b"").decode(), status.get(MESSAGE, b"").decode()


def _fields(data: bytes) -> dict[int, bytes]:
    """The length-delimited fields of a protobuf message by number; numbers are passed over."""
    found = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value, at = _varint(data, at)
        if key & 7 == 2:
            found[key >> 3] = data[at : at + value]
            at += value
        elif key & 7 != 0:
            raise ValueError(f"wire type {key & 7}: a Status has numbers and bytes only")
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where the next thing begins."""
    value = shift = 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1
