"""Groups, versions and resources in the order of kube-apiserver.

Source: k8s.io/kube-aggregator (priority of groups) and k8s.io/apimachinery/pkg/version.
"""

from __future__ import annotations

import base64
import hashlib

from fake_cloud.kube_api.types.announced import Announced
from fake_cloud.kube_api.types.served import TypeSet
from fake_cloud.kube_api.types.table import ResourceType, Subresource
from fake_cloud.kube_api.types.version_order import newest_first


def groups(types: TypeSet) -> dict[str, list[str]]:
    """Versions of each named group, the preferred one first; groups of definitions come last."""
    built_in: dict[str, dict[str, None]] = {}
    custom: dict[str, dict[str, None]] = {}
    for resource in types.resources.values():
        if resource.group:
            found = custom if resource.custom and resource.group not in built_in else built_in
            found.setdefault(resource.group, {})[resource.version] = None
    ordered = {name: sorted(custom[name], key=newest_first) for name in sorted(custom)}
    return {name: list(versions) for name, versions in built_in.items()} | ordered


def resources(types: TypeSet, group: str, version: str) -> list[ResourceType]:
    """Empty for a group version that is not served."""
    return [r for r in types.resources.values() if (r.group, r.version) == (group, version)]


CUSTOM_VERBS = (
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "create",
    "update",
    "watch",
)
"""In this order: k8s.io/apiextensions-apiserver .../customresource_discovery_controller.go."""


def announced(resource: ResourceType) -> tuple[Announced, ...]:
    """The resource, then its subresources; those of a definition are announced as served."""
    if resource.announced:
        return resource.announced
    main = Announced(
        name=resource.plural,
        singular_name=resource.singular,
        namespaced=resource.namespaced,
        kind=resource.kind,
        verbs=CUSTOM_VERBS,
        short_names=resource.short_names,
        categories=resource.categories,
        storage_version_hash=_storage_version_hash(resource),
    )
    return (main, *(_below(resource, sub) for sub in resource.subresources.values()))


def _below(resource: ResourceType, sub: Subresource) -> Announced:
    foreign = (sub.group, sub.version) != (resource.group, resource.version)
    return Announced(
        name=f"{resource.plural}/{sub.name}",
        singular_name="",
        namespaced=resource.namespaced,
        kind=sub.kind,
        verbs=tuple(sorted(sub.verbs)),
        group=sub.group if foreign else "",
        version=sub.version if foreign else "",
    )


def _storage_version_hash(resource: ResourceType) -> str:
    """k8s.io/apiserver/pkg/endpoints/discovery/storageversionhash.go."""
    version = resource.custom.storage_version if resource.custom else resource.version
    text = f"{resource.group}/{version}/{resource.kind}"
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:8]).decode()
