"""Sets of fields, kept in the very form of FieldsV1: nested dicts by path element.

A node that is empty belongs to the set, and so does one that holds `.`; others only lead to what is
below them. Sets are never changed in place. Follows sigs.k8s.io/structured-merge-diff
fieldpath/{set,serialize}.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_cloud.kube_api.managed_fields.path_elements import (
    MEMBER,
    BadElement,
    UnknownElement,
    canonical,
    rank,
    shown,
)

FieldSet = dict[str, Any]
Path = tuple[str, ...]


def field_set(*paths: str) -> FieldSet:
    """A set of named fields: `field_set("status", "metadata.labels")`."""
    out: FieldSet = {}
    for path in paths:
        node: FieldSet = {}
        for name in reversed(path.split(".")):
            node = {f"f:{name}": node}
        out = union(out, node)
    return out


def union(one: FieldSet, other: FieldSet) -> FieldSet:
    if not one or not other:
        return one or other
    out = dict(one)
    for element, node in other.items():
        out[element] = _joined(out[element], node) if element in out else node
    return out


def _joined(one: FieldSet, other: FieldSet) -> FieldSet:
    if one and other:
        return union(one, other)
    longer = one or other
    return longer if not longer or MEMBER in longer else {MEMBER: {}, **longer}


def difference(one: FieldSet, other: FieldSet) -> FieldSet:
    """What is in `one` alone; a member of `other` takes nothing away that is below it."""
    if not one or not other:
        return one
    out: FieldSet = {}
    for element, node in one.items():
        left = _left(node, other[element]) if element in other else node
        if left is not None:
            out[element] = left
    return out


def _left(node: FieldSet, taken: FieldSet) -> FieldSet | None:
    below = difference(_below(node), _below(taken))
    member = is_member(node) and not is_member(taken)
    if below:
        return {MEMBER: {}, **below} if member else below
    return {} if member else None


def without_trees(one: FieldSet, other: FieldSet) -> FieldSet:
    """Without the members of `other` and all that is below them."""
    out: FieldSet = {}
    for element, node in one.items():
        taken = other.get(element)
        if taken is None:
            out[element] = node
        elif not is_member(taken):
            left = without_trees(node, taken)
            if left or not node:
                out[element] = left
    return out


def intersection(one: FieldSet, other: FieldSet) -> FieldSet:
    out: FieldSet = {}
    for element, node in one.items():
        shared = _shared(node, other[element]) if element in other else None
        if shared is not None:
            out[element] = shared
    return out


def _shared(node: FieldSet, other: FieldSet) -> FieldSet | None:
    below = intersection(_below(node), _below(other))
    member = is_member(node) and is_member(other)
    if below:
        return {MEMBER: {}, **below} if member else below
    return {} if member else None


def is_member(node: FieldSet) -> bool:
    return not node or MEMBER in node


def _below(node: FieldSet) -> FieldSet:
    return {element: inner for element, inner in node.items() if element != MEMBER}


def has(fields: FieldSet, path: Path) -> bool:
    node: FieldSet | None = fields
    for element in path:
        node = node.get(element) if node is not None else None
    return node is not None and is_member(node)


def paths(fields: FieldSet, before: Path = ()) -> Iterator[Path]:
    """Every member; those of one level before those below them."""
    elements = sorted((element for element in fields if element != MEMBER), key=rank)
    for element in elements:
        if is_member(fields[element]):
            yield (*before, element)
    for element in elements:
        yield from paths(fields[element], (*before, element))


def shown_path(path: Path) -> str:
    return "".join(shown(element) for element in path)


def in_order(fields: FieldSet) -> FieldSet:
    """As it is written out."""
    if len(fields) == 1:
        ((element, node),) = fields.items()
        return {element: in_order(node) if node else node}
    return {
        element: in_order(fields[element]) if fields[element] else fields[element]
        for element in sorted(fields, key=rank)
    }


def read(fields: Any) -> FieldSet:
    """A set that a client sent. Raises `BadElement`."""
    if not isinstance(fields, dict):
        raise BadElement(str(fields))
    out: FieldSet = {}
    for element, node in fields.items():
        if element == MEMBER:
            out[MEMBER] = {}
            continue
        try:
            known = canonical(element)
        except UnknownElement:
            continue
        out[known] = read(node)
    return out
