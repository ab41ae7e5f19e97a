from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reports.run_file_schema import SCHEMA, schema_text
from tests.reports.sample import every_kind


@pytest.fixture
def validator() -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_committed_schema_is_that_of_the_model() -> None:
    again = "run `python -m reports.run_file_schema`"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), again


def test_schema_accepts_every_line_of_a_run_file(tmp_path: Path, validator: Any) -> None:
    text = every_kind(tmp_path).read_text(encoding="utf-8")
    kinds = [json.loads(line)["kind"] for line in text.splitlines()]
    assert {"RunHeader", "Outcome", "RunFooter"} == set(kinds)
    for line in text.splitlines():
        validator.validate(json.loads(line))


@pytest.mark.parametrize(
    "change", [{"surprise": 1}, {"outcome": "fine"}, {"kind": "Result"}, {"revision": "one"}]
)
def test_schema_refuses_what_the_reader_refuses(
    tmp_path: Path, validator: Any, change: dict[str, object]
) -> None:
    lines = every_kind(tmp_path).read_text(encoding="utf-8").splitlines()
    assert not validator.is_valid({**json.loads(lines[1]), **change})
