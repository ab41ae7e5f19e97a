"""For the generator only: what the Go types say about empty values, which no schema says.

Reads `types.go` files of the Go modules `k8s.io/api`, `k8s.io/apimachinery` and
`k8s.io/apiextensions-apiserver` as text.
"""

from __future__ import annotations

import re
from pathlib import Path

STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^\t(?:(\w+)\s+)?([\w.*\[\]]+)\s+`json:\"([^\"]*)\"", re.MULTILINE)
ALIAS = re.compile(r"^type (\w+) (\[\]|map\[|\*?\w)([\w.\[\]]*)$", re.MULTILINE)

Emptiness = dict[str, str]
"""JSON name of a field to `keep` (a pointer), `drop` (omitempty) or `fill` (always written)."""

BASIC = {"string", "bool", "int", "int32", "int64", "uint8", "float64", "byte"}


def emptiness_by_type(api: Path, apimachinery: Path, apiextensions: Path) -> dict[str, Emptiness]:
    """By short type name such as `core.v1.NodeSpec`."""
    folders = {f"{p.parent.name}.{p.name}": p for p in api.glob("*/v*") if p.is_dir()}
    folders["apis.meta.v1"] = apimachinery / "pkg/apis/meta/v1"
    folders["apiextensions.v1"] = apiextensions / "pkg/apis/apiextensions/v1"
    found: dict[str, Emptiness] = {}
    for package, folder in folders.items():
        paths = (folder / "types.go", folder / "types_jsonschema.go")
        text = "\n".join(path.read_text() for path in paths if path.is_file())
        found.update(_read_package(package, text))
    return found


def _read_package(package: str, text: str) -> dict[str, Emptiness]:
    structs = {name: FIELD.findall(body) for name, body in STRUCT.findall(text)}
    plain = {m.group(1) for m in ALIAS.finditer(text)} | BASIC
    return {f"{package}.{name}": _fields(name, structs, plain) for name in structs}


def _fields(
    name: str, structs: dict[str, list[tuple[str, str, str]]], plain: set[str]
) -> Emptiness:
    fields: Emptiness = {}
    for _, go_type, tag in structs.get(name, []):
        json_name, *options = tag.split(",")
        if "inline" in options or not json_name:
            fields.update(_fields(go_type.lstrip("*"), structs, plain))
        elif json_name != "-":
            fields[json_name] = _emptiness(go_type, options, plain)
    return fields


def _emptiness(go_type: str, options: list[str], plain: set[str]) -> str:
    if go_type.startswith("*"):
        return "keep"
    if "omitempty" not in options:
        return "fill"
    droppable = go_type.startswith(("[", "map[")) or go_type in plain or go_type.endswith("List")
    if droppable or "omitzero" in options or go_type in ("v1.UID", "types.UID"):
        return "drop"
    return "fill"
