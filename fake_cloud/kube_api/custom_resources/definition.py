"""From a CustomResourceDefinition to the resource types that it adds.

Source: k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.custom_resources.type_tree import custom_struct
from fake_cloud.kube_api.types.custom import CustomVersion
from fake_cloud.kube_api.types.schema import Struct
from fake_cloud.kube_api.types.table import ResourceType, Subresource
from fake_cloud.kube_api.types.version_order import newest_first

Body = dict[str, Any]

VERBS = frozenset(
    ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
)
BELOW = frozenset(("get", "patch", "update"))


def resource_types(definition: Body, metadata: Struct) -> list[ResourceType]:
    """One for each served version, newest first. `metadata` is the type of `metadata`."""
    versions = sorted(definition["spec"]["versions"], key=lambda v: newest_first(v["name"]))
    return [
        _resource_type(definition, version, metadata) for version in versions if version["served"]
    ]


def _resource_type(definition: Body, version: Body, metadata: Struct) -> ResourceType:
    spec, names = definition["spec"], definition["status"]["acceptedNames"]
    custom = _custom_version(definition, version)
    struct = custom_struct(names["kind"], custom.schema, metadata)
    return ResourceType(
        group=spec["group"],
        version=version["name"],
        plural=names["plural"],
        kind=names["kind"],
        namespaced=spec["scope"] == "Namespaced",
        verbs=VERBS,
        singular=names["singular"],
        list_kind=names["listKind"],
        short_names=tuple(names.get("shortNames", ())),
        categories=tuple(names.get("categories", ())),
        subresources=_subresources(spec["group"], version, names["kind"]),
        load_struct=lambda: struct,
        custom=custom,
    )


def _custom_version(definition: Body, version: Body) -> CustomVersion:
    spec = definition["spec"]
    stored = next(v for v in spec["versions"] if v["storage"])
    return CustomVersion(
        definition=definition["metadata"]["name"],
        storage_version=stored["name"],
        storage_schema=schema_of(stored),
        schema=schema_of(version),
        columns=version.get("additionalPrinterColumns", ()),
        scale=version.get("subresources", {}).get("scale"),
        selectable=_selectable(version),
        indexed=tuple(dict.fromkeys(path for v in spec["versions"] for path in _selectable(v))),
        terminating="deletionTimestamp" in definition["metadata"],
        deprecation=_deprecation(spec, version),
    )


def schema_of(version: Body) -> Body:
    return dict(version.get("schema", {}).get("openAPIV3Schema") or {})


def _selectable(version: Body) -> tuple[str, ...]:
    return tuple(field["jsonPath"] for field in version.get("selectableFields", ()))


def _subresources(group: str, version: Body, kind: str) -> dict[str, Subresource]:
    given, found = version.get("subresources", {}), {}
    if given.get("status") is not None:
        found["status"] = Subresource("status", group, version["name"], kind, BELOW)
    if given.get("scale") is not None:
        found["scale"] = Subresource("scale", "autoscaling", "v1", "Scale", BELOW)
    return found


def _deprecation(spec: Body, version: Body) -> str:
    if not version.get("deprecated"):
        return ""
    if version.get("deprecationWarning"):
        return str(version["deprecationWarning"])
    group, kind, rank = spec["group"], spec["names"]["kind"], newest_first(version["name"])
    newer = [
        other["name"]
        for other in sorted(spec["versions"], key=lambda v: newest_first(v["name"]))
        if other["served"] and not other.get("deprecated") and newest_first(other["name"]) < rank
    ]
    hint = f"; use {group}/{newer[0]} {kind}" if newer else ""
    return f"{group}/{version['name']} {kind} is deprecated{hint}"
