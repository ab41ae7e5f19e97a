"""What is documented about adapters that are programs or files is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import jsonschema

from providers.exec import calls, conversation, introduction, start
from providers.exec.answers import FromProgram
from providers.exec.message_schema import SCHEMA
from providers.exec.questions import ToProgram

ROOT = Path(__file__).parents[2]
PROTOCOL = (ROOT / "docs" / "reference" / "adapter-exec.md").read_text(encoding="utf-8")


def test_the_lines_shown_are_lines_of_the_protocol() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    block = re.search(r"```jsonl\n(.*?)```", PROTOCOL, re.DOTALL)
    assert block is not None
    lines = block[1].splitlines()
    assert len(lines) > 10
    for line in lines:
        validator.validate(json.loads(line))


def test_every_kind_of_line_is_told() -> None:
    kinds = {line.__struct_config__.tag for line in (*get_args(ToProgram), *get_args(FromProgram))}
    assert not [kind for kind in kinds if f"`{kind}`" not in PROTOCOL]


def test_the_limits_are_those_of_the_code() -> None:
    assert f"| `describe` | {introduction.DESCRIBE_SECONDS:g} s |" in PROTOCOL
    assert start.START_SHARE == 0.9
    assert f"| `stop` | {conversation.STOP_SECONDS:g} s |" in PROTOCOL
    assert f"| a line | {conversation.LONGEST_LINE >> 20} MiB |" in PROTOCOL
    assert f"| calls that have not ended | {calls.MOST_OPEN} |" in PROTOCOL


def test_the_features_file_stands_in_its_page_as_it_is() -> None:
    folder = ROOT / "docs" / "how-to"
    file = (folder / "generic-features.yaml").read_text(encoding="utf-8")
    assert f"```yaml\n{file}```" in (folder / "generic-provider.md").read_text(encoding="utf-8")
