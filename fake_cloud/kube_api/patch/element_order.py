"""The order of a merged list: the patch's own elements as it says, the others where they were.

Follows normalizeElementOrder of k8s.io/apimachinery/pkg/util/strategicpatch/patch.go.
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any


def index_of(elements: list[Any], wanted: Any, key: str) -> int:
    """Where the element with the same merge key (or the same scalar) is; -1 if nowhere."""
    for index, element in enumerate(elements):
        if (element.get(key) == wanted.get(key)) if key else (element == wanted):
            return index
    return -1


def partition(merged: list[Any], order: list[Any], key: str) -> tuple[list[Any], list[Any]]:
    """Those that the order names, and those that only the server has."""
    named = [element for element in merged if index_of(order, element, key) >= 0]
    others = [element for element in merged if index_of(order, element, key) < 0]
    return named, others


def in_order(
    patch: list[Any], order: list[Any], server_only: list[Any], server: list[Any], key: str
) -> list[Any]:
    left = _sorted_by(server_only, server, key)
    right = _sorted_by(patch, order, key)
    merged = []
    while left and right:
        ours, theirs = index_of(server, left[0], key), index_of(server, right[0], key)
        before = 0 <= ours < theirs
        merged.append((left if before else right).pop(0))
    return merged + right + left


def _sorted_by(elements: list[Any], order: list[Any], key: str) -> list[Any]:
    def compare(one: Any, other: Any) -> int:
        first, second = index_of(order, one, key), index_of(order, other, key)
        return first - second if first >= 0 and second >= 0 else 0

    return sorted(elements, key=cmp_to_key(compare))
