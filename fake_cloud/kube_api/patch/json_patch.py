"""JSON patch (RFC 6902), with the leniency and the words of the library in kube-apiserver.

Source: gopkg.in/evanphx/json-patch.v4, used by k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

MAX_OPERATIONS = 10_000
"""k8s.io/apiserver/pkg/endpoints/handlers/patch.go, maxJSONPatchOperations."""


class PatchFailed(Exception):  # noqa: N818 - reads as a state
    """An operation cannot be applied to this object (422)."""


def json_patch(target: Any, operations: list[dict[str, Any]]) -> Any:
    """The patched value; `target` may be changed on the way. Raises `PatchFailed`."""
    root = {"": target}
    for operation in operations:
        name = operation.get("op")
        apply = OPERATIONS.get(str(name))
        if apply is None:
            raise PatchFailed(f"Unexpected kind: {name}")
        apply(root, operation)
    return root[""]


def _parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]


def _find(root: Any, operation: dict[str, Any], field: str) -> tuple[Any, str]:
    """The container that holds the pointed value, and the last part of the pointer."""
    pointer = str(operation.get(field, ""))
    *path, last = ["", *_parts(pointer)[1:]] if pointer else [""]
    container = root
    for part in path:
        container = _child(container, part)
        if not isinstance(container, dict | list):
            raise PatchFailed(_missing(operation["op"], pointer))
    return container, last


def _child(container: Any, part: str) -> Any:
    if isinstance(container, dict):
        return container.get(part)
    if part.lstrip("-").isdigit() and -len(container) <= int(part) < len(container):
        return container[int(part)]
    return None


def _missing(name: str, pointer: str) -> str:
    return f'{name} operation does not apply: doc is missing path: "{pointer}": missing value'


def _index(name: str, part: str, length: int) -> int:
    if not part.lstrip("-").isdigit():
        raise PatchFailed(
            f'{name} operation does not apply: strconv.Atoi: parsing "{part}": invalid syntax'
        )
    index = int(part)
    if not -length <= index < length:
        raise PatchFailed(f"Unable to access invalid index: {index}: invalid index referenced")
    return index


def _add(root: Any, operation: dict[str, Any], value: Any = None) -> None:
    container, last = _find(root, operation, "path")
    value = operation.get("value") if value is None else value
    if isinstance(container, dict):
        container[last] = value
    elif last == "-":
        container.append(value)
    else:
        container.insert(_index("add", last, len(container) + 1), value)


def _remove(root: Any, operation: dict[str, Any], field: str = "path") -> Any:
    container, last = _find(root, operation, field)
    if isinstance(container, list):
        return container.pop(_index("remove", last, len(container)))
    if last not in container:
        pointer = operation[field]
        raise PatchFailed(
            f"{operation['op']} operation does not apply: doc is missing key: {pointer}: missing value"
        )
    return container.pop(last)


def _replace(root: Any, operation: dict[str, Any]) -> None:
    container, last = _find(root, operation, "path")
    if isinstance(container, list):
        container[_index("replace", last, len(container))] = operation.get("value")
    elif last in container:
        container[last] = operation.get("value")
    else:
        raise PatchFailed(
            f"replace operation does not apply: doc is missing key: {operation['path']}: missing value"
        )


def _move(root: Any, operation: dict[str, Any]) -> None:
    _add(root, operation, _remove(root, operation, "from"))


def _copy(root: Any, operation: dict[str, Any]) -> None:
    container, last = _find(root, operation, "from")
    _add(root, operation, copy.deepcopy(_child(container, last)))


def _test(root: Any, operation: dict[str, Any]) -> None:
    container, last = _find(root, operation, "path")
    if _child(container, last) != operation.get("value"):
        raise PatchFailed(f"testing value {operation['path']} failed: test failed")


OPERATIONS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}
