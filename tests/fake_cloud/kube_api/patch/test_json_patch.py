from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.patch.json_patch import PatchFailed, json_patch
from fake_cloud.kube_api.patch.merge_patch import merge_patch


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "add", "path": "/a/x", "value": 1}, {"a": {"x": 1}, "l": [1, 2]}),
        ({"op": "add", "path": "/l/0", "value": 0}, {"a": {}, "l": [0, 1, 2]}),
        ({"op": "add", "path": "/l/-", "value": 3}, {"a": {}, "l": [1, 2, 3]}),
        ({"op": "remove", "path": "/l/1"}, {"a": {}, "l": [1]}),
        ({"op": "replace", "path": "/l/-1", "value": 9}, {"a": {}, "l": [1, 9]}),
        ({"op": "replace", "path": "/missing", "value": 9}, {"a": {}, "l": [1, 2], "missing": 9}),
        ({"op": "move", "from": "/l", "path": "/a/l"}, {"a": {"l": [1, 2]}}),
        ({"op": "copy", "from": "/l", "path": "/a/l"}, {"a": {"l": [1, 2]}, "l": [1, 2]}),
        ({"op": "test", "path": "/missing", "value": None}, {"a": {}, "l": [1, 2]}),
        ({"op": "add", "path": "/a/x~1y~0z", "value": 1}, {"a": {"x/y~z": 1}, "l": [1, 2]}),
    ],
)
def test_operations(operation: dict[str, Any], expected: dict[str, Any]) -> None:
    assert json_patch({"a": {}, "l": [1, 2]}, [operation]) == expected


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "/nobody/x", "value": 1},
        {"op": "add", "path": "/l/9", "value": 1},
        {"op": "remove", "path": "/missing"},
        {"op": "test", "path": "/l/0", "value": 2},
        {"op": "move", "from": "/missing", "path": "/a"},
        {"op": "frobnicate", "path": "/a"},
    ],
)
def test_operations_that_do_not_apply(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchFailed):
        json_patch({"a": {}, "l": [1, 2]}, [operation])


def test_merge_patch_sets_deletes_and_replaces_lists() -> None:
    target = {"a": {"b": 1, "c": 2}, "l": [1, 2]}
    patch = {"a": {"b": None, "d": {"e": None, "f": 3}}, "l": [3]}
    assert merge_patch(target, patch) == {"a": {"c": 2, "d": {"f": 3}}, "l": [3]}
