"""What an applied configuration may not hold, in the words of the library.

Follows sigs.k8s.io/structured-merge-diff typed/{validate,helpers}.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from fake_cloud.kube_api.managed_fields.ownable import NoElement, item_element
from fake_cloud.kube_api.managed_fields.path_elements import shown
from fake_cloud.kube_api.managed_fields.shapes import LIST, MAP, UNTYPED, Shape
from fake_cloud.kube_api.patch.strategic_merge import go_map
from fake_cloud.kube_api.types.schema import GO_TYPES


def typing_errors(shape: Shape, value: Any) -> str:
    """All complaints in one text; empty if there is none."""
    found = [f"{path}: {text}" if path else text for path, text in _errors(shape, value, "")]
    if len(found) < 2:
        return "".join(found)
    return "\n".join(["errors:", *(f"  {text}" for text in found)])


def _errors(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if shape.holds == MAP or (not shape.holds and isinstance(value, dict)):
        yield from _map_errors(shape, value, path)
    elif shape.holds == LIST or (not shape.holds and isinstance(value, list)):
        yield from _list_errors(shape, value, path)
    elif text := _scalar_error(shape.holds, value):
        yield path, text


def _map_errors(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, f"expected map, got &{{{go_map(value)}}}"
        return
    untyped = not shape.holds and shape.item is None
    for name in sorted(value):
        inner = shape.fields.get(name) or shape.item or (UNTYPED if untyped else None)
        if inner is None:
            yield f"{path}.{name}", "field not declared in schema"
            return
        yield from _errors(inner, value[name], f"{path}.{name}")


def _list_errors(shape: Shape, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, f"expected list, got &{{{go_map(value)}}}"
        return
    seen: set[str] = set()
    for index, item in enumerate(value):
        where = f"[{index}]"
        if shape.divides == LIST:
            try:
                element = item_element(shape, item)
            except NoElement as error:
                yield path, f"element {index}: {error}"
                return
            where = shown(element)
            if element in seen:
                yield path, f"duplicate entries for key {where}"
            seen.add(element)
        yield from _errors(shape.item or UNTYPED, item, path + where)


def _scalar_error(holds: str, value: Any) -> str:
    if holds == "numeric" and (isinstance(value, bool) or not isinstance(value, int | float)):
        return f"expected numeric (int or float), got {GO_TYPES[type(value)]}"
    if holds == "string" and not isinstance(value, str):
        return f"expected string, got &value.valueUnstructured{{Value:{_go_syntax(value)}}}"
    if holds == "boolean" and not isinstance(value, bool):
        return f"expected boolean, got &{{{go_map(value)}}}"
    if holds == "scalar" and isinstance(value, dict | list):
        return f"expected any scalar, got &{{{go_map(value)}}}"
    return ""


def _go_syntax(value: Any) -> str:
    """A value as Go source: %#v."""
    if isinstance(value, dict):
        inside = ", ".join(f'"{key}":{_go_syntax(value[key])}' for key in sorted(value))
        return f"map[string]interface {{}}{{{inside}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_syntax, value))}}}"
    return "interface {}(nil)" if value is None else msgspec.json.encode(value).decode()
