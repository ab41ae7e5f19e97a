"""What a body says in vain: unknown fields, and keys that come twice.

Follows sigs.k8s.io/json (errors in the order of the text) and sigs.k8s.io/yaml.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from fake_cloud.kube_api.types.schema import Path, dotted

APART = tuple(b'"' + space + b":" for space in (b" ", b"\t", b"\n", b"\r"))
"""Colons that the quick look would not count."""


def unknown_field(path: Path) -> str:
    return f'unknown field "{dotted(path)}"'


def repeated_field(path: Path) -> str:
    return f'duplicate field "{dotted(path)}"'


def json_complaints(body: bytes, document: Any, unknown: list[Path]) -> list[str]:
    """In the order of the text. `unknown` is in that order already."""
    if not _may_repeat(body, document):
        return [unknown_field(path) for path in unknown]
    found: dict[str, None] = {}
    for path, again in _keys(body):
        if any(path[: len(other)] == other for other in unknown):
            if path in unknown:
                found[unknown_field(path)] = None
        elif again:
            found[repeated_field(path)] = None
    return list(found)


def repeated_keys(body: bytes, document: Any) -> list[Path]:
    """Where a JSON text has a key for the second time; `document` is what was read of it."""
    if not _may_repeat(body, document):
        return []
    found = {dotted(path): path for path, again in _keys(body) if again}
    return list(found.values())


def _may_repeat(body: bytes, document: Any) -> bool:
    """A quick look: written again, a document without repetitions has as many keys as before."""
    if any(apart in body for apart in APART):
        return True
    return body.count(b'":') != msgspec.json.encode(document).count(b'":')


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written."""


def _keys(body: bytes) -> Iterator[tuple[Path, bool]]:
    """Every key in the order of the text, and whether it was there before."""
    return _walk(json.loads(body, object_pairs_hook=_Pairs), [])


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, bool]]:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for name, element in value:
            yield [*path, name], name in seen
            seen.add(name)
            yield from _walk(element, [*path, name])
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _walk(element, [*path, f"[{index}]"])


def repeated_yaml_keys(body: bytes) -> list[str]:
    """As the YAML library says it, line by line."""
    import yaml  # rarely needed, and dear to load

    return list(_yaml_lines(yaml.compose(body, Loader=yaml.SafeLoader), yaml.MappingNode))


def _yaml_lines(node: Any, mapping: Any) -> Iterator[str]:
    if node is None or isinstance(node.value, str):
        return
    if not isinstance(node, mapping):
        for element in node.value:
            yield from _yaml_lines(element, mapping)
        return
    yield from _repeated([key for key, _ in node.value])
    for _, element in node.value:
        yield from _yaml_lines(element, mapping)


def _repeated(keys: list[Any]) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        name = str(key.value)
        if name in seen:
            yield f'line {key.start_mark.line + 1}: key "{name}" already set in map'
        seen.add(name)
