"""The table of one Kubernetes minor: which resources are served, and how their types look."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.resources import files
from typing import Any

import msgspec

from fake_cloud.kube_api.types.announced import (
    Announced,
    AnnouncedGroupVersion,
    load_announced,
)
from fake_cloud.kube_api.types.custom import CustomVersion
from fake_cloud.kube_api.types.scalars import SCALARS, Scalar
from fake_cloud.kube_api.types.schema import Field, ListOf, MapOf, Schema, Struct

SERVED_BELOW = (
    "status",
    "finalize",
    "scale",
    "binding",
    "eviction",
    "log",
    "ephemeralcontainers",
    "resize",
    "token",
)
"""The others (exec, ...) need what is not here."""


@dataclass(frozen=True, slots=True)
class Subresource:
    """`status`, `finalize`, ... with the kind of its body."""

    name: str
    group: str
    version: str
    kind: str
    verbs: frozenset[str]

    @property
    def body(self) -> tuple[str, str]:
        """apiVersion and kind of what is sent there."""
        return (f"{self.group}/{self.version}" if self.group else self.version), self.kind


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
    announced: tuple[Announced, ...] = ()
    """In discovery: itself and what is below it, also what is not served here."""

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

    def __init__(self, content: dict[str, Any], announced: tuple[AnnouncedGroupVersion, ...]):
        self.minor: str = content["minor"]
        self._raw: dict[str, Any] = content["types"]
        self._atomic = frozenset(content["atomic"])
        self._structs: dict[str, Struct] = {}
        self.resources: dict[tuple[str, str, str], ResourceType] = {
            (found.group, found.version, found.plural): found
            for group_version in announced
            for found in self._resources(group_version)
        }

    def struct(self, name: str) -> Struct:
        """Raises KeyError for a name that the table does not have."""
        found = self._structs.get(name)
        if found is None:
            found = self._structs[name] = Struct(_go_type(name), atomic=name in self._atomic)
            found.fields = {
                key: self._field(raw, index)
                for index, (key, raw) in enumerate(self._raw[name].items())
            }
            found.filled = [(k, f.schema) for k, f in found.fields.items() if f.empty == "fill"]
        return found

    def _resources(self, served: AnnouncedGroupVersion) -> Iterator[ResourceType]:
        by_resource: dict[str, list[Announced]] = {}
        for entry in served.resources:
            by_resource.setdefault(entry.below[0], []).append(entry)
        for main, *below in by_resource.values():
            yield self._resource(served, main, below)

    def _resource(
        self, served: AnnouncedGroupVersion, main: Announced, below: list[Announced]
    ) -> ResourceType:
        subresources = {
            sub.below[1]: Subresource(
                sub.below[1],
                sub.group if sub.version else served.group,
                sub.version or served.version,
                sub.kind,
                frozenset(sub.verbs),
            )
            for sub in below
            if sub.below[1] in SERVED_BELOW
        }
        package = served.group.partition(".")[0] or "core"
        return ResourceType(
            group=served.group,
            version=served.version,
            plural=main.name,
            kind=main.kind,
            namespaced=main.namespaced,
            verbs=frozenset(main.verbs),
            singular=main.singular_name,
            list_kind=f"{main.kind}List",
            short_names=main.short_names,
            categories=main.categories,
            subresources=subresources,
            load_struct=partial(self.struct, f"{package}.{served.version}.{main.kind}"),
            announced=(main, *below),
        )

    def bodies(self) -> dict[tuple[str, str], ResourceType]:
        """By (apiVersion, kind): what subresources take and no path serves, such as Scale."""
        served = {(r.api_version, r.kind) for r in self.resources.values()}
        below = [sub for r in self.resources.values() for sub in r.subresources.values()]
        return {sub.body: self._only_below(sub) for sub in below if sub.body not in served}

    def _only_below(self, below: Subresource) -> ResourceType:
        short_name = f"{below.group.split('.')[0] or 'core'}.{below.version}.{below.kind}"
        return ResourceType(
            group=below.group,
            version=below.version,
            plural="",
            kind=below.kind,
            namespaced=True,
            verbs=frozenset(),
            singular="",
            list_kind="",
            short_names=(),
            categories=(),
            subresources={},
            load_struct=partial(self.struct, short_name),
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
            default=raw.get("d"),
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
    content = msgspec.json.decode(gzip.decompress(path.read_bytes()))
    return TypeTable(content, load_announced(minor))
