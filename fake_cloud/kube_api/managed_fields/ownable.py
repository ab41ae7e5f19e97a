"""Which fields of a value can be owned, and where two values differ.

Follows sigs.k8s.io/structured-merge-diff typed/{compare,tofieldset,helpers}.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_cloud.kube_api.managed_fields.field_sets import (
    FieldSet,
    union,
    without_trees,
)
from fake_cloud.kube_api.managed_fields.path_elements import (
    MEMBER,
    field_element,
    key_element,
    value_element,
)
from fake_cloud.kube_api.managed_fields.shapes import LIST, MAP, UNTYPED, Shape

MISSING: Any = object()
"""No value at all, where `None` is a null."""


class NoElement(Exception):
    """An item of a list that nothing tells apart from the others."""


def item_element(shape: Shape, item: Any) -> str:
    """How a list names this item. Raises `NoElement`."""
    if not shape.keys:
        if item is None or isinstance(item, dict | list):
            raise NoElement(_no_set_item(item))
        return value_element(item)
    if not isinstance(item, dict):
        kind = "a null element" if item is None else "non-map elements"
        raise NoElement(f"associative list with keys may not have {kind}")
    known = tuple(
        (key, value)
        for key in sorted(shape.keys)
        if (value := item.get(key, shape.defaults.get(key))) is not None
    )
    if not known:
        keys = " ".join(f'"{key}"' for key in shape.keys)
        raise NoElement(
            f"associative list with keys has an element that omits all key fields [{keys}] "
            "(and doesn't have default values for any key fields)"
        )
    return key_element(known)


def _no_set_item(item: Any) -> str:
    if isinstance(item, dict):
        return "associative list without keys has an element that's a map type"
    if isinstance(item, list):
        return "not supported: associative list with lists as elements"
    return "associative list without keys has an element that's an explicit null"


def elements(shape: Shape, items: list[Any]) -> dict[str, list[Any]]:
    """The items by their names, those of one name together; the nameless are left out."""
    found: dict[str, list[Any]] = {}
    for item in items:
        try:
            found.setdefault(item_element(shape, item), []).append(item)
        except NoElement:
            continue
    return found


def divided(shape: Shape, value: Any) -> bool:
    """Whether this value has parts that are owned one by one."""
    if not value:
        return False
    return (shape.divides == MAP and type(value) is dict) or (
        shape.divides == LIST and type(value) is list
    )


def child(shape: Shape, name: str) -> Shape:
    return shape.fields.get(name) or shape.item or UNTYPED


def applied_set(shape: Shape, value: Any) -> FieldSet:
    """What somebody who applies this value owns: values, items, and fields that are empty."""
    if type(value) is list:
        return _applied_items(shape, value)
    out: FieldSet = {}
    for name, inner in value.items():
        below = child(shape, name)
        named = name in shape.fields
        if divided(below, inner):
            node = applied_set(below, inner)
            if node or not named:
                out[field_element(name)] = node if named else {MEMBER: {}, **node}
        elif not (inner == [] and below.divides == LIST):
            out[field_element(name)] = {}
    return out


def _applied_items(shape: Shape, items: list[Any]) -> FieldSet:
    out: FieldSet = {}
    inner = shape.item or UNTYPED
    for element, found in elements(shape, items).items():
        node = {}
        if len(found) == 1 and divided(inner, found[0]):
            node = applied_set(inner, found[0])
        out[element] = {MEMBER: {}, **node} if node else {}
    return out


@dataclass(slots=True)
class Comparison:
    """Fields by what became of them."""

    added: FieldSet
    modified: FieldSet
    removed: FieldSet

    def __bool__(self) -> bool:
        return bool(self.added or self.modified or self.removed)

    @property
    def written(self) -> FieldSet:
        return union(self.modified, self.added)

    def without(self, reset: FieldSet) -> Comparison:
        if not reset:
            return self
        return Comparison(
            without_trees(self.added, reset),
            without_trees(self.modified, reset),
            without_trees(self.removed, reset),
        )


def compare(shape: Shape, old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """Two objects of one type."""
    out = Comparison({}, {}, {})
    _compare_maps(shape, old, new, out)
    return out


def _compare(shape: Shape, element: str, old: Any, new: Any, out: Comparison) -> None:
    """One part on both sides; what is found is filed under `element`."""
    if new is MISSING:
        out.removed[element] = _whole(shape, old)
    elif old is MISSING:
        out.added[element] = _whole(shape, new)
    elif divided(shape, old) or divided(shape, new):
        below = Comparison({}, {}, {})
        if shape.divides == MAP and _is_or_empty(dict, old, new):
            _compare_maps(shape, old or {}, new or {}, below)
        elif shape.divides == LIST and _is_or_empty(list, old, new):
            _compare_lists(shape, old or [], new or [], below)
        else:
            out.modified[element] = {}
        _file(element, below, out)
    elif old != new:
        out.modified[element] = {}


def _is_or_empty(kind: type, *values: Any) -> bool:
    return all(value is None or isinstance(value, kind) for value in values)


def _file(element: str, below: Comparison, out: Comparison) -> None:
    if below.added:
        out.added[element] = below.added
    if below.modified:
        out.modified[element] = below.modified
    if below.removed:
        out.removed[element] = below.removed


def _compare_maps(shape: Shape, old: dict[str, Any], new: dict[str, Any], out: Comparison) -> None:
    for name, value in new.items():
        before = old.get(name, MISSING)
        if before is not value and (before is MISSING or before != value):
            _compare(child(shape, name), field_element(name), before, value, out)
    for name, value in old.items():
        if name not in new:
            out.removed[field_element(name)] = _whole(child(shape, name), value)


def _compare_lists(shape: Shape, old: list[Any], new: list[Any], out: Comparison) -> None:
    before, after = elements(shape, old), elements(shape, new)
    inner = shape.item or UNTYPED
    for element in before | after:
        lost, found = before.get(element, []), after.get(element, [])
        if len(lost) > 1 and len(found) > 1:
            if lost != found:
                out.modified[element] = {}
        elif len(lost) > 1:
            if found:
                out.added[element] = _whole(inner, found[0])
            out.removed[element] = {}
        elif len(found) > 1:
            if lost:
                out.removed[element] = _whole(inner, lost[0])
            out.added[element] = {}
        else:
            old_item, new_item = (one[0] if one else MISSING for one in (lost, found))
            _compare(inner, element, old_item, new_item, out)


def _whole(shape: Shape, value: Any) -> FieldSet:
    """A part that one side alone has: itself and all that is in it."""
    if not divided(shape, value):
        return {}
    node: FieldSet = {MEMBER: {}}
    if isinstance(value, dict):
        for name, inner in value.items():
            parted = inner and isinstance(inner, dict | list)  # others are quickly done with
            node[field_element(name)] = _whole(child(shape, name), inner) if parted else {}
        return node
    inner_shape = shape.item or UNTYPED
    for element, found in elements(shape, value).items():
        node[element] = {} if len(found) > 1 else _whole(inner_shape, found[0])
    return node
