"""One step of a path, as FieldsV1 writes it: `f:` a name, `k:` keys of an item, `v:` a value.

The text is canonical, so that equal steps are equal strings. Follows
sigs.k8s.io/structured-merge-diff fieldpath/{serialize-pe,element}.go and value/{value,fields}.go.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

Keys = tuple[tuple[str, Any], ...]

MEMBER = "."
"""Inside a node of a set: the node itself belongs to the set, besides what is below it."""

HTML = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
"""What Go's JSON encoder escapes by default."""


class UnknownElement(Exception):
    """A step of a kind that is not known here: it is left out, as a newer server may know it."""


class BadElement(Exception):
    """Text that is no step of a path."""


def field_element(name: str) -> str:
    return f"f:{name}"


def key_element(keys: Keys) -> str:
    """Keys come sorted."""
    if all(type(value) is str or type(value) is int for _, value in keys):
        return _key_element(keys)  # what is equal here is written equally
    return f"k:{_go_json(dict(keys))}"


@lru_cache(maxsize=4096)
def _key_element(keys: Keys) -> str:
    return f"k:{_go_json(dict(keys))}"


def value_element(value: Any) -> str:
    return f"v:{_go_json(value)}"


def _go_json(value: Any) -> str:
    return msgspec.json.encode(value).decode().translate(HTML)


def canonical(text: str) -> str:
    """The same step in canonical text. Raises `UnknownElement` and `BadElement`."""
    if text[1:2] != ":":
        raise BadElement(text)
    if text[0] == "f":
        return text
    try:
        if text[0] == "k":
            keys = msgspec.json.decode(text[2:], type=dict[str, Any])
            return key_element(tuple(sorted(keys.items())))
        if text[0] == "v":
            return value_element(msgspec.json.decode(text[2:]))
        if text[0] == "i":
            return f"i:{int(text[2:])}"
    except ValueError:
        raise BadElement(text) from None
    raise UnknownElement(text)


@lru_cache(maxsize=4096)
def rank(text: str) -> tuple[Any, ...]:
    """A sort key: names first, then keys, values and indices; numbers before strings."""
    kind, content = text[:2], text[2:]
    if kind == "f:":
        return (1, content)
    if kind == "k:":
        keys = msgspec.json.decode(content)
        return (2, tuple((name, _value_rank(value)) for name, value in keys.items()))
    if kind == "v:":
        return (3, _value_rank(msgspec.json.decode(content)))
    return (4, int(content)) if kind == "i:" else (0,)


def _value_rank(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (3, value)
    if isinstance(value, int | float):
        return (1, value)
    return (2, value) if isinstance(value, str) else (4, str(value))


def shown(text: str) -> str:
    """As conflicts and errors print it: `.name`, `[key=value]`, `[="value"]`."""
    kind, content = text[:2], text[2:]
    if kind == "f:":
        return f".{content}"
    if kind == "k:":
        keys = msgspec.json.decode(content)
        return "[" + ",".join(f"{name}={_shown_value(value)}" for name, value in keys.items()) + "]"
    if kind == "v:":
        return f"[={_shown_value(msgspec.json.decode(content))}]"
    return f"[{content}]"


def _shown_value(value: Any) -> str:
    return msgspec.json.encode(value).decode()
