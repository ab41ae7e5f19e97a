"""Reads .proto files: of ours, and of those that Kubernetes publishes, which look the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MESSAGE = re.compile(r"^message (\w+) \{(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(
    r"^ +(?:(optional|repeated) |map<(string), )\.?([\w.]+)>? (\w+) = (\d+)(?: \[(.*)\])?;$",
    re.MULTILINE,
)
JSON_NAME = re.compile(r'json_name = "([^"]*)"')
INLINE = "(inline) = true"

Label = Literal["optional", "repeated", "map"]
"""The keys of every map are strings."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One field. `type` is a scalar, a message of the same package or a full name."""

    name: str
    type: str
    label: Label
    json_name: str = ""
    inline: bool = False


Messages = Mapping[str, Mapping[int, Declared]]
"""Fields by number, by the name of their message."""


def read_proto(text: str) -> Messages:
    """Every message of a file. Nested messages, enums and groups are in none that we read."""
    return {name: dict(map(_field, FIELD.findall(body))) for name, body in MESSAGE.findall(text)}


def _field(found: tuple[str, ...]) -> tuple[int, Declared]:
    label, key, kind, name, number, options = found
    json_name = JSON_NAME.search(options)
    declared = Declared(
        name,
        kind,
        "map" if key else "repeated" if label == "repeated" else "optional",
        json_name.group(1) if json_name else name,
        INLINE in options,
    )
    return int(number), declared
