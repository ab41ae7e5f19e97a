"""What every line of the protocol has, and the version of it all."""

from __future__ import annotations

import re

import msgspec

API_VERSION = "conformance.cloud-provider/adapter-exec/v1"


def _kind(name: str) -> str:
    """`GetInstance` is the kind `get-instance`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object inside a line."""


class Line(Part, frozen=True, kw_only=True, tag_field="kind", tag=_kind):
    """One line. `id` tells which question an answer belongs to."""

    id: int
