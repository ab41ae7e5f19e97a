from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from reports.model import Line
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


WRONG = [None, True, -1, 1.5, "", "word", [], ["word"], [1], {}, {"word": "word"}, {"word": 1}]


def changed(value: Any) -> Iterator[Any]:
    """Copies with one place removed, replaced by something else, or given a stranger."""
    yield from (wrong for wrong in WRONG if wrong != value)
    if isinstance(value, dict):
        yield value | {"surprise": 1}
        for key, part in value.items():
            yield {name: kept for name, kept in value.items() if name != key}
            yield from (value | {key: other} for other in changed(part))
    elif isinstance(value, list) and value:
        yield from ([other, *value[1:]] for other in changed(value[0]))


def accepted_by_the_model(line: Any) -> bool:
    try:
        msgspec.convert(line, Line)
    except msgspec.ValidationError:
        return False
    return True


def test_schema_and_model_accept_the_same_lines(tmp_path: Path, validator: Any) -> None:
    lines = [json.loads(line) for line in every_kind(tmp_path).read_text("utf-8").splitlines()]
    judged = [
        (accepted_by_the_model(line), validator.is_valid(line), line)
        for whole in (lines[0], lines[1], lines[2], lines[-1])
        for line in changed(whole)
    ]
    differing = [line for model, schema, line in judged if model != schema]
    assert not differing, json.dumps(differing[0])[:500]
    assert {model for model, _, _ in judged} == {True, False}
