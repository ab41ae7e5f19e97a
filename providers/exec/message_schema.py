"""The published JSON Schema of one line of the protocol, made from the messages.

`python -m providers.exec.message_schema` writes it again after the messages changed.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import msgspec

from providers.exec.answers import FromProgram
from providers.exec.lines import API_VERSION
from providers.exec.questions import ToProgram

SCHEMA = Path(__file__).parent / "schema" / "adapter-exec.v1.schema.json"


def schema_text() -> str:
    """The schema as it is committed: every line, in either direction, is one instance of it."""
    (to_program, from_program), parts = msgspec.json.schema_components(
        (ToProgram, FromProgram), ref_template="#/$defs/{name}"
    )
    for part in parts.values():
        if "description" in part:  # Python 3.13 strips docstrings, 3.11 does not
            part["description"] = inspect.cleandoc(part["description"])
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One line between a run and an adapter program, {API_VERSION}",
        "oneOf": [
            {"title": "from the run to the program", **to_program},
            {"title": "from the program to the run", **from_program},
        ],
        "$defs": parts,
    }
    return json.dumps(_null_last(made), indent=2) + "\n"


def _null_last(schema: Any) -> Any:
    """Releases of msgspec differ in where they put null among alternatives."""
    if isinstance(schema, list):
        return [_null_last(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _null_last(part) for key, part in schema.items()}
    if "anyOf" in made:
        made["anyOf"].sort(key=lambda part: part == {"type": "null"})
    return made


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
