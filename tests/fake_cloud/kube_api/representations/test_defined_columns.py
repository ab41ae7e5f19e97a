from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.representations.defined_columns import DefinedPrinter
from fake_cloud.kube_api.representations.json_path import compile_path

BODY = {
    "metadata": {"name": "one", "labels": {"a.b/c": "d"}},
    "spec": {"size": 3, "share": 2, "on": True, "parts": ["x", "y"]},
    "status": {
        "conditions": [{"type": "Up", "status": "False"}, {"type": "Ready", "status": "True"}]
    },
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (".spec.size", [3]),
        (".spec.nobody", []),
        (".spec.parts[1]", ["y"]),
        (".spec.parts[-1]", ["y"]),
        (".spec.parts[5]", []),
        (".spec.parts[*]", ["x", "y"]),
        (".metadata.labels['a.b/c']", ["d"]),
        (r".metadata.labels.a\.b/c", ["d"]),
        ('.status.conditions[?(@.type=="Ready")].status', ["True"]),
    ],
)
def test_paths_lead_to_values(path: str, found: list[Any]) -> None:
    assert compile_path(path)(BODY) == found


def test_a_strange_path_is_refused() -> None:
    with pytest.raises(ValueError, match="no JSONPath"):
        compile_path(".spec..size")


@pytest.mark.parametrize(
    ("kind", "path", "cell"),
    [
        ("string", ".spec.size", "3"),
        ("string", ".spec.on", "true"),
        ("string", ".spec.parts", '["x","y"]'),
        ("integer", ".spec.size", 3),
        ("integer", ".spec.on", None),
        ("number", ".spec.share", 2.0),
        ("boolean", ".spec.on", True),
        ("date", ".metadata.name", "<invalid>"),
        ("date", ".metadata.nothing", None),
    ],
)
def test_cells_have_the_type_of_their_column(kind: str, path: str, cell: Any) -> None:
    defined = [{"name": "C", "type": kind, "jsonPath": path}]
    printer = DefinedPrinter.of(defined, {"name": "Name"}, "")
    assert printer.cells(BODY) == ["one", cell]


def test_a_definition_without_columns_shows_the_age() -> None:
    printer = DefinedPrinter.of([], {"name": "Name"}, "when it was made")
    assert [column["name"] for column in printer.columns] == ["Name", "Age"]
    assert printer.cells(BODY) == ["one", None]
