"""The JSONPath that columns of definitions use: fields, indices, `[*]` and filters by equality.

Source: k8s.io/client-go/util/jsonpath.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

PART = re.compile(
    r"""\.(?P<field>(?:\\.|[^.\[\\])+)
      | \[['"](?P<quoted>[^'"]+)['"]\]
      | \[(?P<index>-?\d+)\]
      | \[\*\](?P<all>)
      | \[\?\(\s*@(?P<path>[^=\s)]+)\s*==\s*(?P<wanted>[^)]+?)\s*\)\]""",
    re.VERBOSE,
)
Step = Callable[[Any], Iterable[Any]]


def compile_path(text: str) -> Callable[[Any], list[Any]]:
    """What gives all values at a path. Raises ValueError for a path that is not understood."""
    steps, place = [], 0
    while place < len(text):
        match = PART.match(text, place)
        if match is None:
            raise ValueError(f"no JSONPath that is understood here: {text[place:]!r} in {text!r}")
        steps.append(_step(match))
        place = match.end()

    def find(value: Any) -> list[Any]:
        found = [value]
        for step in steps:
            found = [below for one in found for below in step(one)]
        return found

    return find


def _step(match: re.Match[str]) -> Step:
    if match["index"] is not None:
        return _element(int(match["index"]))
    if match["all"] is not None:
        return _members
    if match["path"] is not None:
        return _filter(compile_path(match["path"]), match["wanted"].strip("'\""))
    return _field((match["quoted"] or match["field"]).replace("\\", ""))


def _field(name: str) -> Step:
    return lambda value: [value[name]] if isinstance(value, dict) and name in value else []


def _element(index: int) -> Step:
    def step(value: Any) -> list[Any]:
        known = isinstance(value, list) and -len(value) <= index < len(value)
        return [value[index]] if known else []

    return step


def _members(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _filter(path: Callable[[Any], list[Any]], wanted: str) -> Step:
    return lambda value: [one for one in _members(value) if [wanted] == list(map(str, path(one)))]
