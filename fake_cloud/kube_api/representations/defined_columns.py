"""The columns that a definition gives its custom resources (`additionalPrinterColumns`).

Source: k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fake_cloud.kube_api.representations.cells import Body, name_of, since
from fake_cloud.kube_api.representations.json_path import compile_path
from fake_cloud.kube_api.representations.printer import Columns
from fake_cloud.kube_api.store import encode

DefinedColumn = Mapping[str, Any]
"""A CustomResourceColumnDefinition."""

AGE: DefinedColumn = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}


@dataclass(frozen=True, slots=True)
class DefinedPrinter:
    """The name, and what the paths of the definition lead to."""

    columns: Columns
    shown: tuple[Callable[[Body], Any], ...]

    @classmethod
    def of(
        cls, defined: Sequence[DefinedColumn], name: DefinedColumn, creation: str
    ) -> DefinedPrinter:
        """`name` is the first column, `creation` describes the age that shows by default."""
        given = defined or [{**AGE, "description": creation}]
        columns = [name, *(_column(one) for one in given)]
        return cls(columns, tuple(_cell(one) for one in given))

    def cells(self, body: Body) -> list[Any]:
        return [name_of(body), *(cell(body) for cell in self.shown)]

    def conditions(self, body: Body) -> list[Body]:  # noqa: ARG002 - rows say nothing of themselves
        return []


def _column(defined: DefinedColumn) -> DefinedColumn:
    path = defined["jsonPath"]
    described = f"Custom resource definition column (in JSONPath format): {path}"
    return {
        "name": defined["name"],
        "type": defined["type"],
        "format": defined.get("format", ""),
        "description": defined.get("description") or described,
        "priority": defined.get("priority", 0),
    }


def _cell(defined: DefinedColumn) -> Callable[[Body], Any]:
    find, kind = compile_path(defined["jsonPath"]), defined["type"]

    def cell(body: Body) -> Any:
        found = find(body)
        return _shown(found[0], kind) if found else None

    return cell


def _shown(value: Any, kind: str) -> Any:
    if kind == "string":
        return _text(value)
    if kind == "date":
        return _date(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if kind == "integer":
        return int(value) if number else None
    return float(value) if number else None


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return encode(value).decode() if isinstance(value, dict | list) else str(value)


def _date(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        return since(value)
    except ValueError:
        return "<invalid>"
