"""Discovery in two requests: all groups with all their resources.

Source: k8s.io/apiserver/pkg/endpoints/discovery/aggregated.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.discovery.groups import announced, groups, resources
from fake_cloud.kube_api.http import JSON
from fake_cloud.kube_api.representations.accept import OFFERED, accept_clauses
from fake_cloud.kube_api.status_errors import not_acceptable
from fake_cloud.kube_api.types.announced import Announced
from fake_cloud.kube_api.types.served import TypeSet
from fake_cloud.kube_api.types.table import ResourceType

GROUP, KIND, VERSIONS = "apidiscovery.k8s.io", "APIGroupDiscoveryList", ("v2",)
Document = dict[str, Any]


def asked_version(accept: str) -> str:
    """Of the aggregated document; empty for the plain one. Raises a 406 `StatusError`."""
    clauses = accept_clauses(accept) if accept else []
    for clause in clauses:
        given = clause.parameters
        if not clause.covers(JSON):
            continue
        if "as" not in given:
            return ""
        version = given.get("v", "")
        if (given.get("g"), given["as"]) == (GROUP, KIND) and version in VERSIONS:
            return version
    if any(clause.covers(JSON) for clause in clauses):
        words = f"only the following media types are accepted: {', '.join(OFFERED)}"
        raise not_acceptable(words)
    return ""


def media_type(version: str) -> str:
    return f"{JSON};g={GROUP};v={version};as={KIND}"


def aggregated(types: TypeSet, version: str, *, core: bool) -> Document:
    """Of the core group alone, or of all others."""
    found = {"": ["v1"]} if core else groups(types)
    return {
        "kind": KIND,
        "apiVersion": f"{GROUP}/{version}",
        "metadata": {},
        "items": [_group(types, name, versions) for name, versions in found.items()],
    }


def _group(types: TypeSet, name: str, versions: list[str]) -> Document:
    return {
        "metadata": {"name": name} if name else {},
        "versions": [
            {
                "version": version,
                "resources": [_resource(one) for one in resources(types, name, version)],
                "freshness": "Current",
            }
            for version in versions
        ],
    }


def _resource(resource: ResourceType) -> Document:
    main, *below = announced(resource)
    document: Document = {
        "resource": main.name,
        "responseKind": _kind(main, resource),
        "scope": "Namespaced" if main.namespaced else "Cluster",
        "singularResource": main.singular_name,
        "verbs": main.verbs,
    }
    if main.short_names:
        document["shortNames"] = main.short_names
    if main.categories:
        document["categories"] = main.categories
    if below:
        document["subresources"] = [
            {
                "subresource": one.below[1],
                "responseKind": _kind(one, resource),
                "verbs": one.verbs,
            }
            for one in below
        ]
    return document


def _kind(entry: Announced, resource: ResourceType) -> Document:
    """Kinds of definitions are named in full, others where they are of another group version."""
    group, version = entry.group, entry.version
    if resource.custom and not version:
        group, version = resource.group, resource.version
    return {"group": group, "version": version, "kind": entry.kind}
