"""Strategic merge patch with all its directives, over the schemas of the type tables.

Follows k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (applying, not diffing).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_cloud.kube_api.patch.element_order import in_order, index_of, partition
from fake_cloud.kube_api.types.schema import Field, ListOf, MapOf, Schema, Struct

DIRECTIVE = "$patch"
RETAIN_KEYS = "$retainKeys"
DELETE_FROM_LIST = "$deleteFromPrimitiveList/"
ELEMENT_ORDER = "$setElementOrder/"

Map = dict[str, Any]


class MergeFailed(Exception):
    """The patch does not fit. `code` is the HTTP status that kube-apiserver answers with."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


def strategic_merge(original: Map, patch: Map, schema: Struct) -> Map:
    """The patched object. Both arguments may be changed on the way. Raises `MergeFailed`."""
    return _merge_map(original, patch, schema)


def _merge_map(original: Map, patch: Map, schema: Schema | None) -> Map:
    if DIRECTIVE in patch:
        return _whole_map(patch)
    _retain_keys(original, patch)
    _set_element_orders(original, patch, schema)
    for key, value in patch.items():
        if key.startswith(DELETE_FROM_LIST):
            _delete_from_list(original, key.removeprefix(DELETE_FROM_LIST), value)
        elif value is None:
            original.pop(key, None)
        else:
            _merge_value(original, key, value, schema)
    return original


def _whole_map(patch: Map) -> Map:
    directive = patch[DIRECTIVE]
    if directive == "replace":
        del patch[DIRECTIVE]
        return patch
    if directive == "delete":
        return {}
    raise MergeFailed(500, f"unknown patch type: {directive} in map: {go_map(patch)}")


def _merge_value(original: Map, key: str, value: Any, schema: Schema | None) -> None:
    here = original.get(key)
    if isinstance(here, dict) and isinstance(value, dict):
        known = _field(schema, key)
        replaces = known is not None and "replace" in known.strategy.split(",")
        original[key] = value if replaces else _merge_map(here, value, _inside(schema, key))
    elif isinstance(here, list) and isinstance(value, list):
        original[key] = _merge_list(here, value, _field(schema, key))
    else:
        discard_nulls(value)
        kept, keep = without_directives(value)
        if keep:
            original[key] = kept
        else:
            original.pop(key, None)


def _merge_list(original: list[Any], patch: list[Any], known: Field | None) -> list[Any]:
    if known is None or "merge" not in known.strategy.split(","):
        return patch
    if not original and not patch:
        return original
    _check_types(original, patch)
    if not isinstance((original or patch)[0], dict):
        merged = list(dict.fromkeys([*original, *patch]))
        return _ordered(merged, patch, original, "")
    key = known.merge_key
    if not key:
        raise MergeFailed(500, "cannot merge lists without merge key")
    original, patch = _special_elements(original, patch, key)
    item = known.schema.item if isinstance(known.schema, ListOf) else None
    merged = list(original)
    for element in patch:
        _merge_element(merged, element, key, item)
    return _ordered(merged, patch, original, key)


def _check_types(original: list[Any], patch: list[Any]) -> None:
    kinds = {type(item) for item in [*original, *patch]}
    if list in kinds:
        raise MergeFailed(422, "lists of lists are not supported")
    if len(kinds) > 1:
        shown = f"[{go_list(original)} {go_list(patch)}]"
        raise MergeFailed(500, f"list element types are not identical: {shown}")


def _merge_element(merged: list[Any], element: Any, key: str, item: Schema | None) -> None:
    if key not in element:
        raise _no_merge_key(element, key)
    found = index_of(merged, element, key)
    if found < 0:
        merged.append(element)
    else:
        merged[found] = _merge_map(merged[found], element, item)


def _special_elements(
    original: list[Any], patch: list[Any], key: str
) -> tuple[list[Any], list[Any]]:
    """Elements that carry `$patch`: delete one by its key, or replace the whole list."""
    plain, replaces = [], False
    for element in patch:
        directive = element.get(DIRECTIVE)
        if directive is None:
            plain.append(element)
        elif directive == "delete":
            if key not in element:
                raise _no_merge_key(element, key)
            original = [item for item in original if item.get(key) != element[key]]
        elif directive == "replace":
            replaces = True
        elif directive == "merge":
            raise MergeFailed(500, "merging lists cannot yet be specified in the patch")
        else:
            raise MergeFailed(500, f"unknown patch type: {directive} in map: {go_map(element)}")
    return (plain, []) if replaces else (original, plain)


def _retain_keys(original: Map, patch: Map) -> None:
    if RETAIN_KEYS not in patch:
        return
    kept = patch.pop(RETAIN_KEYS)
    prefixes = (DELETE_FROM_LIST, ELEMENT_ORDER)
    given = {k for k, v in patch.items() if v is not None and not k.startswith(prefixes)}
    if not isinstance(kept, list) or not given <= set(kept):
        raise MergeFailed(400, "invalid patch format of retainKeys")
    for key in [key for key in original if key not in kept]:
        del original[key]


def _delete_from_list(original: Map, key: str, value: Any) -> None:
    if not isinstance(value, list):
        raise MergeFailed(400, "invalid patch format of primitive list")
    if isinstance(original.get(key), list):
        original[key] = [item for item in original[key] if item not in value]


def _set_element_orders(original: Map, patch: Map, schema: Schema | None) -> None:
    for directive in [key for key in patch if key.startswith(ELEMENT_ORDER)]:
        order, key = patch.pop(directive), directive.removeprefix(ELEMENT_ORDER)
        if not isinstance(order, list):
            raise MergeFailed(400, "invalid patch format of setElementOrder list")
        merged = _listed(original.get(key), patch.get(key), order, _field(schema, key))
        if merged is not None:
            known = _field(schema, key)
            merge_key = known.merge_key if known else ""
            original[key] = _ordered(merged, order, original.get(key) or [], merge_key)
            patch.pop(key, None)


def _listed(
    original: list[Any] | None, patch: list[Any] | None, order: list[Any], known: Field | None
) -> list[Any] | None:
    """The merged list to put in order; None when neither side has one."""
    if patch is None:
        return original
    _check_order(patch, order, known.merge_key if known else "")
    if original is None:
        kept: list[Any] = without_directives(patch)[0]
        return kept
    return _merge_list(original, patch, known)


def _check_order(patch: list[Any], order: list[Any], key: str) -> None:
    """Every element of the patch has to stand in the order list, in the same order."""
    wanted = [e for e in patch if not (isinstance(e, dict) and DIRECTIVE in e)]
    places = [index_of(order, element, key) for element in wanted]
    if any(place < 0 for place in places) or places != sorted(places):
        text = "The order in patch list:\n{}\n doesn't match $setElementOrder list:\n{}\n"
        raise MergeFailed(500, text.format(go_list(patch), go_list(order)))


def _ordered(merged: list[Any], order: list[Any], server: list[Any], key: str) -> list[Any]:
    if key:
        for element in [*merged, *order]:
            if key not in element:
                raise _no_merge_key(element, key)
    in_patch, server_only = partition(merged, order, key)
    return in_order(in_patch, order, server_only, server, key)


def _no_merge_key(element: Map, key: str) -> MergeFailed:
    return MergeFailed(500, f"map: {go_map(element)} does not contain declared merge key: {key}")


def _field(schema: Schema | None, key: str) -> Field | None:
    return schema.fields.get(key) if isinstance(schema, Struct) else None


def _inside(schema: Schema | None, key: str) -> Schema | None:
    if isinstance(schema, MapOf):
        return schema.item
    known = _field(schema, key)
    return known.schema if known else None


def discard_nulls(value: Any) -> None:
    """A null in a part that is new means nothing."""
    if isinstance(value, dict):
        for key in [key for key, item in value.items() if item is None]:
            del value[key]
        for item in value.values():
            discard_nulls(item)


def without_directives(value: Any) -> tuple[Any, bool]:
    """The value without `$patch` parts, and whether anything of it is kept."""
    if isinstance(value, dict):
        if DIRECTIVE in value:
            return None, False
        pairs = {key: without_directives(item) for key, item in value.items()}
        return {key: item for key, (item, keep) in pairs.items() if keep}, True
    if isinstance(value, list):
        kept = [without_directives(item) for item in value]
        return [item for item, keep in kept if keep], True
    return value, True


def go_map(value: Any, leaf: Callable[[Any], str] = str) -> str:
    """How Go prints a map with %v: keys sorted."""
    if isinstance(value, dict):
        inside = " ".join(f"{key}:{go_map(value[key], leaf)}" for key in sorted(value))
        return f"map[{inside}]"
    if isinstance(value, list):
        return go_list(value)
    if value is None:
        return "<nil>"
    return str(value).lower() if isinstance(value, bool) else leaf(value)


def go_list(value: list[Any]) -> str:
    return "[" + " ".join(go_map(item) for item in value) + "]"
