"""Table: objects as rows, the way `kubectl get` shows them.

Source: k8s.io/apiserver/pkg/endpoints/handlers/response.go and pkg/registry/rest/table.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from fake_cloud.kube_api.representations.accept import META_GROUP, PARTIAL, TABLE
from fake_cloud.kube_api.representations.cells import Body, name_of
from fake_cloud.kube_api.representations.defined_columns import DefinedPrinter
from fake_cloud.kube_api.representations.printer import Columns, Printer
from fake_cloud.kube_api.representations.rows import (
    Row,
    cluster,
    configuration,
    network,
    pods,
    storage,
    workloads,
)
from fake_cloud.kube_api.types.table import ResourceType

ROWS: Mapping[str, Row] = {
    **cluster.ROWS,
    **configuration.ROWS,
    **network.ROWS,
    **pods.ROWS,
    **storage.ROWS,
    **workloads.ROWS,
}
CONDITIONS: Mapping[str, Callable[[Body], list[Body]]] = {"pods": pods.conditions}
INCLUDED = ("", "Metadata", "Object", "None")
"""Values of `includeObject`."""


@dataclass(frozen=True, slots=True)
class KnownPrinter:
    """A resource that kube-apiserver has columns for."""

    columns: Columns
    cells: Row
    conditions: Callable[[Body], list[Body]]


def printer_of(resource: ResourceType, minor: int) -> Printer:
    """What a definition says, what kube-apiserver of a minor has, or name and creation time."""
    if resource.custom is not None:
        first, creation = recorded_columns()["*"]
        return DefinedPrinter.of(resource.custom.columns, first, creation["description"])
    name = resource.qualified
    until, older = cluster.OLDER.get(name, (0, None))
    row = older if minor < until else ROWS.get(name)
    if row is None:
        return plain_printer()
    return KnownPrinter(recorded_columns()[name], row, CONDITIONS.get(name, _none))


def plain_printer() -> Printer:
    return KnownPrinter(recorded_columns()["*"], _name_and_creation, _none)


@cache
def recorded_columns() -> Mapping[str, Columns]:
    """As kube-apiserver 1.37 gives them; `*` is what resources have that are not named."""
    data = (files(__package__) / "columns.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, list[dict[str, Any]]])


def _name_and_creation(body: Body) -> list[Any]:
    return [name_of(body), body["metadata"].get("creationTimestamp")]


def _none(body: Body) -> list[Body]:  # noqa: ARG001 - the form of all conditions
    return []


@dataclass(frozen=True, slots=True)
class TableForm:
    """Makes tables of one resource. `include` is one of `INCLUDED`."""

    printer: Printer
    version: str
    include: str = ""

    def table(self, body: Body, items: Iterable[Body] | None, *, headed: bool = True) -> Body:
        """Of a list with its items, or of one object (None)."""
        metadata = body.get("metadata", {})
        kept = (
            ("resourceVersion", "continue", "remainingItemCount")
            if items is not None
            else ("resourceVersion",)
        )
        rows = [self._row(item) for item in ([body] if items is None else items)]
        return {
            "kind": TABLE,
            "apiVersion": f"{META_GROUP}/{self.version}",
            "metadata": {name: metadata[name] for name in kept if name in metadata},
            "columnDefinitions": self.printer.columns if headed else None,
            "rows": rows,
        }

    def _row(self, body: Body) -> Body:
        conditions = self.printer.conditions(body)
        return {
            "cells": self.printer.cells(body),
            **({"conditions": conditions} if conditions else {}),
            "object": self._included(body),
        }

    def _included(self, body: Body) -> Body | None:
        if self.include == "None":
            return None
        if self.include == "Object":
            return body
        version = f"{META_GROUP}/{self.version}"
        return {"kind": PARTIAL, "apiVersion": version, "metadata": body["metadata"]}
