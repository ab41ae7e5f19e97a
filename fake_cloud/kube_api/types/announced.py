"""What kube-apiserver announces in discovery, for each minor: groups, resources, subresources.

The files are made by `generate_announced` of the published discovery documents.
"""

from __future__ import annotations

import gzip
from importlib.resources import files

import msgspec


class Announced(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """An APIResource of `k8s.io/apimachinery/pkg/apis/meta/v1`; below others as `pods/status`.

    `group` and `version` are given where the kind is of another group version than the resource.
    """

    name: str
    singular_name: str
    namespaced: bool
    kind: str
    verbs: tuple[str, ...]
    group: str = ""
    version: str = ""
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    storage_version_hash: str = ""

    @property
    def below(self) -> tuple[str, str]:
        """Resource and subresource; the latter is empty for a resource."""
        resource, _, subresource = self.name.partition("/")
        return resource, subresource


class AnnouncedGroupVersion(msgspec.Struct, frozen=True):
    """One group version with all that is served in it, in the order of the real server."""

    group: str
    version: str
    resources: tuple[Announced, ...]


def load_announced(minor: str) -> tuple[AnnouncedGroupVersion, ...]:
    """In the order of groups and of their preferred versions; the core group first."""
    path = files(__package__) / "announced_resources" / f"{minor}.json.gz"
    data = gzip.decompress(path.read_bytes())
    return msgspec.json.decode(data, type=tuple[AnnouncedGroupVersion, ...])
