"""Putting applied values into an object, and taking fields out of it.

Follows sigs.k8s.io/structured-merge-diff typed/{merge,remove}.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, is_member
from fake_cloud.kube_api.managed_fields.ownable import (
    MISSING,
    NoElement,
    child,
    divided,
    elements,
    item_element,
)
from fake_cloud.kube_api.managed_fields.path_elements import MEMBER, field_element
from fake_cloud.kube_api.managed_fields.shapes import MAP, UNTYPED, Shape


def merge(shape: Shape, live: Any, applied: Any) -> Any:
    """`applied` wins where both have a value; nothing is removed. Neither side is changed."""
    if applied is MISSING:
        return live
    if live is MISSING or not (divided(shape, live) or divided(shape, applied)):
        return applied
    if shape.divides == MAP:
        return _merged_maps(shape, live or {}, applied or {})
    return _merged_lists(shape, live or [], applied or [])


def _merged_maps(shape: Shape, live: dict[str, Any], applied: dict[str, Any]) -> dict[str, Any]:
    out = dict(live)
    for name, value in applied.items():
        out[name] = merge(child(shape, name), live.get(name, MISSING), value)
    return out


def _merged_lists(shape: Shape, live: list[Any], applied: list[Any]) -> list[Any]:
    """Items that are applied come in their order; the others keep their places between them."""
    ours = _named(shape, applied)
    theirs = _named(shape, live)
    twice = {name for name, found in elements(shape, live).items() if len(found) > 1}
    here = {name: item for name, item in theirs if name not in twice}
    given, present = dict(ours), {name for name, _ in theirs}
    shared = [name for name, _ in ours if name in present]
    inner = shape.item or UNTYPED
    out: list[Any] = []
    merged: set[str] = set()
    left, right = 0, 0
    while left < len(theirs) or right < len(ours):
        turn = ours[right][0] if right < len(ours) else ""
        if left < len(theirs):
            name, item = theirs[left]
            if name not in given:
                out.append(item)
                left += 1
                continue
            if turn and name != turn and shared and shared[0] != name:
                left += 1
                continue
            left += name == turn or name in merged
        if turn:
            out.append(merge(inner, here.get(turn, MISSING), ours[right][1]))
            right += 1
            merged.add(turn)
            if shared and shared[0] == turn:
                del shared[0]
    return out


def _named(shape: Shape, items: list[Any]) -> list[tuple[str, Any]]:
    found = []
    for item in items:
        try:
            found.append((item_element(shape, item), item))
        except NoElement:
            continue
    return found


def remove(shape: Shape, value: Any, fields: FieldSet) -> Any:
    """The value without these fields and items; None where nothing is left."""
    if not divided(shape, value):
        return None if isinstance(value, dict | list) else value
    if isinstance(value, dict):
        kept = {
            name: left
            for name, inner in value.items()
            if (left := _left(child(shape, name), inner, fields.get(field_element(name))))
            is not MISSING
        }
        return kept or None
    inner_shape = shape.item or UNTYPED
    items = [
        left
        for element, inner in _named(shape, value)
        if (left := _left(inner_shape, inner, fields.get(element))) is not MISSING
    ]
    return items or None


def _left(shape: Shape, value: Any, node: FieldSet | None) -> Any:
    if node is None:
        return value
    return MISSING if is_member(node) else remove(shape, value, node)


def with_named_fields(shape: Shape, fields: FieldSet) -> FieldSet:
    """The set with the named fields in it that lead to its members."""
    out: FieldSet = {}
    for element, node in fields.items():
        if not node:
            out[element] = node
            continue
        name = element[2:] if element.startswith("f:") else ""
        inner = child(shape, name) if name else shape.item or UNTYPED
        below = with_named_fields(inner, {e: n for e, n in node.items() if e != MEMBER})
        named = bool(name) and name in shape.fields
        out[element] = {MEMBER: {}, **below} if named or MEMBER in node else below
    return out
