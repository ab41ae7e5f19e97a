"""The published JSON Schema of one line of a run file, made from the model.

`python -m reports.run_file_schema` writes it again after the model changed.
"""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import msgspec

from reports.model import API_VERSION, Line

SCHEMA = Path(__file__).parent / "schema" / "run-file.v1.schema.json"


def schema_text() -> str:
    """The schema as it is committed: every line of a run file is one instance of it."""
    made = msgspec.json.schema(Line)
    for definition in made["$defs"].values():  # Python 3.13 strips docstrings, 3.11 does not
        definition["description"] = inspect.cleandoc(definition["description"])
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One line of a run file, {API_VERSION}",
        "description": "A RunHeader, then one Outcome for each planned requirement, then a "
        "RunFooter. What a single line cannot show is checked by whoever reads the file: plan and "
        "outcomes match one to one, and digests and counts are those of the lines.",
    }
    kinds = made.pop("anyOf")  # `kind` tells them apart, so one line is one of them
    return json.dumps(head | {"oneOf": kinds} | made, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema_text(), encoding="utf-8")
