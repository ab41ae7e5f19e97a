"""JSON patch (RFC 6902), with the leniency and the words of the library in kube-apiserver.

Source: gopkg.in/evanphx/json-patch.v4, used by k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
A key that an object does not have can be replaced; `test` takes it for null.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

MAX_OPERATIONS = 10_000
"""k8s.io/apiserver/pkg/endpoints/handlers/patch.go, maxJSONPatchOperations."""

MISSING = "missing value"
Operation = dict[str, Any]


class PatchFailed(Exception):
    """An operation cannot be applied to this object (422)."""


def json_patch(target: Any, operations: list[Operation]) -> Any:
    """The patched value; `target` may be changed on the way. Raises `PatchFailed`."""
    root = {"": target}
    for operation in operations:
        name = operation.get("op")
        apply = OPERATIONS.get(str(name))
        if apply is None:
            raise PatchFailed(f"Unexpected kind: {name}")
        apply(root, operation)
    return root[""]


def _find(root: Any, operation: Operation, field: str) -> tuple[Any, str]:
    """The container that holds the pointed value, and the last part of the pointer."""
    pointer = str(operation.get(field, ""))
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]
    container = root
    for part in parts[:-1]:
        try:
            container = _get(container, part)
        except PatchFailed:
            container = None
        if not isinstance(container, dict | list):
            text = f'{operation["op"]} operation does not apply: doc is missing path: "{pointer}"'
            raise PatchFailed(f"{text}: {MISSING}")
    return container, parts[-1]


def _get(container: Any, part: str) -> Any:
    """None for a key that is not there. Raises `PatchFailed` for a bad index."""
    if isinstance(container, dict):
        return container.get(part)
    return container[_index(part, len(container))]


def _index(part: str, length: int) -> int:
    if not re.fullmatch(r"[+-]?\d+", part):
        raise PatchFailed(f'strconv.Atoi: parsing "{part}": invalid syntax')
    index = int(part)
    if not -length <= index < length:
        text = f"Unable to access invalid index: {index}"
        raise PatchFailed(f"{text}: invalid index referenced")
    return index % length


def _put(container: Any, part: str, value: Any) -> None:
    if isinstance(container, dict):
        container[part] = value
    elif part == "-":
        container.append(value)
    else:
        container.insert(_index(part, len(container) + 1), value)


def _take(container: Any, part: str) -> Any:
    if isinstance(container, list):
        return container.pop(_index(part, len(container)))
    if part not in container:
        raise PatchFailed(f"Unable to remove nonexistent key: {part}: {MISSING}")
    return container.pop(part)


def _add(root: Any, operation: Operation) -> None:
    _put(*_find(root, operation, "path"), operation.get("value"))


def _remove(root: Any, operation: Operation) -> None:
    _take(*_find(root, operation, "path"))


def _replace(root: Any, operation: Operation) -> None:
    container, last = _find(root, operation, "path")
    key = _index(last, len(container)) if isinstance(container, list) else last
    container[key] = operation.get("value")


def _move(root: Any, operation: Operation) -> None:
    value = _take(*_find(root, operation, "from"))
    _put(*_find(root, operation, "path"), value)


def _copy(root: Any, operation: Operation) -> None:
    value = copy.deepcopy(_get(*_find(root, operation, "from")))
    _put(*_find(root, operation, "path"), value)


def _test(root: Any, operation: Operation) -> None:
    container, last = _find(root, operation, "path")
    if _get(container, last) != operation.get("value"):
        raise PatchFailed(f"testing value {operation.get('path')} failed: test failed")


OPERATIONS: dict[str, Callable[[Any, Operation], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}
