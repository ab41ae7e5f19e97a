"""Discovery as it has always been: a document for each group and for each version.

Source: k8s.io/apiserver/pkg/endpoints/discovery.
"""

from __future__ import annotations

from typing import Any

import msgspec

from fake_cloud.kube_api.discovery.groups import announced, groups, resources
from fake_cloud.kube_api.types.served import TypeSet

Document = dict[str, Any]
ADDRESSES = [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1:443"}]


def core_versions() -> Document:
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": ADDRESSES}


def group_list(types: TypeSet) -> Document:
    found = [_group(name, versions) for name, versions in groups(types).items()]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": found}


def group(types: TypeSet, name: str) -> Document | None:
    versions = groups(types).get(name)
    if versions is None:
        return None
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)}


def _group(name: str, versions: list[str]) -> Document:
    found = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": found, "preferredVersion": found[0]}


def resource_list(types: TypeSet, group: str, version: str) -> Document | None:
    found = resources(types, group, version)
    if not found:
        return None
    return {
        "kind": "APIResourceList",
        **({"apiVersion": "v1"} if group else {}),
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": [
            msgspec.to_builtins(entry) for resource in found for entry in announced(resource)
        ],
    }
