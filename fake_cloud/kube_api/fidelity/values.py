"""`${name}` in requests, and the dotted paths that values are saved from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NAME = re.compile(r"\$\{([\w-]+)\}")


class MissingValue(Exception):
    """An earlier answer did not give a value that this request needs."""


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """A copy with every `${name}` replaced; alone in a string it keeps its type."""
    if isinstance(template, dict):
        return {key: fill(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, values) for value in template]
    if not isinstance(template, str):
        return template
    whole = NAME.fullmatch(template)
    if whole:
        return _value(whole, values)
    return NAME.sub(lambda match: str(_value(match, values)), template)


def pick(answer: Any, path: str) -> Any:
    """The value at a dotted path; numbers index lists. Raises `MissingValue`."""
    found = answer
    for part in [] if path == "." else path.split("."):
        try:
            found = found[int(part)] if isinstance(found, list) else found[part]
        except (KeyError, IndexError, TypeError, ValueError):
            raise MissingValue(f"the answer has no {path}") from None
    return found


def _value(match: re.Match[str], values: Mapping[str, Any]) -> Any:
    try:
        return values[match[1]]
    except KeyError:
        raise MissingValue(f"no earlier answer gave {match[0]}") from None
