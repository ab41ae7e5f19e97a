"""The table of one Kubernetes minor: which resources are served, and how their types look."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.resources import files
from typing import Any

import msgspec

from fake_cloud.kube_api.representations.printer import Printer
from fake_cloud.kube_api.types.custom import CustomVersion
from fake_cloud.kube_api.types.scalars import SCALARS, Scalar
from fake_cloud.kube_api.types.schema import Field, ListOf, MapOf, Schema, Struct

SERVED_BELOW = ("status", "finalize")
"""The others (scale, binding, eviction, log, token, ...) need what is not here."""


@dataclass(frozen=True, slots=True)
class Subresource:
    """`status`, `finalize`, ... with the kind of its body."""

    name: str
    group: str
    version: str
    kind: str
    verbs: frozenset[str]


@dataclass(frozen=True, eq=False)
class ResourceType:
    """One served resource in one group version; `custom` for those that a definition adds.

    `struct` is the type tree of its objects: custom ones have it too, made of their schema.
    """

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    verbs: frozenset[str]
    singular: str
    list_kind: str
    short_names: tuple[str, ...]
    categories: tuple[str, ...]
    subresources: Mapping[str, Subresource]
    load_struct: Callable[[], Struct]
    custom: CustomVersion | None = None
    printer: Printer | None = None
    """Its own columns, when kube-apiserver does not know the resource."""

    @cached_property
    def struct(self) -> Struct:
        return self.load_struct()

    @cached_property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @cached_property
    def qualified(self) -> str:
        """`nodes`, `leases.coordination.k8s.io`: how error messages name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


class TypeTable:
    """Resources by (group, version, plural) and structs by short type name: fixed for a minor.

    What is served at run time, custom resources too, is asked of `served.ServedTypes`.
    """

    def __init__(self, content: dict[str, Any]):
        self.minor: str = content["minor"]
        self._raw: dict[str, Any] = content["types"]
        self._structs: dict[str, Struct] = {}
        self.resources: dict[tuple[str, str, str], ResourceType] = {
            (entry["group"], entry["version"], entry["plural"]): self._resource(entry)
            for entry in content["resources"]
        }

    def struct(self, name: str) -> Struct:
        """Raises KeyError for a name that the table does not have."""
        found = self._structs.get(name)
        if found is None:
            found = self._structs[name] = Struct(go=_go_type(name))
            found.fields = {
                key: self._field(raw, index)
                for index, (key, raw) in enumerate(self._raw[name].items())
            }
            found.filled = [(k, f.schema) for k, f in found.fields.items() if f.empty == "fill"]
        return found

    def _resource(self, entry: dict[str, Any]) -> ResourceType:
        subresources = {
            name: Subresource(
                name, raw["group"], raw["version"], raw["kind"], frozenset(raw["verbs"])
            )
            for name, raw in entry["subresources"].items()
            if name in SERVED_BELOW
        }
        return ResourceType(
            group=entry["group"],
            version=entry["version"],
            plural=entry["plural"],
            kind=entry["kind"],
            namespaced=entry["namespaced"],
            verbs=frozenset(entry["verbs"]),
            singular=entry["kind"].lower(),
            list_kind=f"{entry['kind']}List",
            short_names=(entry["short"],) if entry["short"] else (),
            categories=("all",) if entry["all"] else (),
            subresources=subresources,
            load_struct=partial(self.struct, entry["type"]),
        )

    def _field(self, raw: dict[str, Any], index: int) -> Field:
        schema = self._schema(raw["t"])
        return Field(
            schema=schema,
            empty=raw["e"],
            index=index,
            plain=schema.python if isinstance(schema, Scalar) else None,
            merge_key=raw.get("m", ""),
            strategy=raw.get("s", ""),
            list_type=raw.get("l", ""),
            map_keys=tuple(raw.get("k", ())),
        )

    def _schema(self, spec: Any) -> Schema:
        if isinstance(spec, list):
            return (ListOf if spec[0] == "list" else MapOf)(self._schema(spec[1]))
        if spec.startswith("$"):
            return self.struct(spec[1:])
        return SCALARS[spec]


def _go_type(name: str) -> str:
    """`core.v1.NodeSpec` is `v1.NodeSpec` in Go's messages."""
    return ".".join(name.split(".")[-2:])


def minors() -> list[str]:
    """The minors with a table, oldest first."""
    names = (path.name for path in (files(__package__) / "tables").iterdir())
    found = [name.removesuffix(".json.gz") for name in names if name.endswith(".json.gz")]
    return sorted(found, key=lambda minor: int(minor.split(".")[1]))


def load_table(minor: str) -> TypeTable:
    """Raises ValueError for a minor without a table; the message names those that exist."""
    path = files(__package__) / "tables" / f"{minor}.json.gz"
    if not path.is_file():
        have = ", ".join(minors())
        raise ValueError(f"no type table for Kubernetes {minor}: choose one of {have}")
    return TypeTable(msgspec.json.decode(gzip.decompress(path.read_bytes())))
