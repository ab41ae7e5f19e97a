"""The resource types that are served now: those of a minor, and those that definitions add."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from fake_cloud.kube_api.types.table import ResourceType, TypeTable

TypeKey = tuple[str, str, str]
"""(group, version, plural)"""


@dataclass(frozen=True, eq=False)
class TypeSet:
    """One state of what is served; it never changes, so keep it for one request and no longer.

    What is made of it (discovery, OpenAPI) can be kept as long as `ServedTypes.now` is this one.
    """

    resources: Mapping[TypeKey, ResourceType]
    bodies: Mapping[tuple[str, str], ResourceType]
    """What only subresources take, by (apiVersion, kind)."""

    @cached_property
    def group_versions(self) -> frozenset[tuple[str, str]]:
        return frozenset((group, version) for group, version, _ in self.resources)

    @cached_property
    def custom_group_versions(self) -> frozenset[tuple[str, str]]:
        """Those that definitions alone have made."""
        built_in = {(r.group, r.version) for r in self.resources.values() if r.custom is None}
        return self.group_versions - built_in

    @cached_property
    def kinds(self) -> Mapping[tuple[str, str], ResourceType]:
        """By (apiVersion, kind), bodies of subresources too."""
        return {**self.bodies, **{(r.api_version, r.kind): r for r in self.resources.values()}}

    @cached_property
    def by_plural(self) -> Mapping[tuple[str, str], ResourceType]:
        """By (group, plural), which name a collection of the store: one of the versions."""
        return {(r.group, r.plural): r for r in self.resources.values()}


class ServedTypes:
    """Asked by everybody who must know what is served; changed by the definitions' controller."""

    def __init__(self, table: TypeTable):
        self.table = table
        self.now = TypeSet(table.resources, table.bodies())
        self._added: dict[str, tuple[ResourceType, ...]] = {}
        self._lock = threading.Lock()

    @property
    def minor(self) -> str:
        return self.table.minor

    def put(self, definition: str, resources: Iterable[ResourceType]) -> None:
        """Serve exactly these resources for a definition, one for each version; none: no more."""
        with self._lock:
            self._added[definition] = tuple(resources)
            added = (resource for found in self._added.values() for resource in found)
            custom = {(r.group, r.version, r.plural): r for r in added}
            self.now = TypeSet({**self.table.resources, **custom}, self.now.bodies)
