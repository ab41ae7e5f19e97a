"""The OpenAPI documents of custom resources: enough for `kubectl explain` and `apply`.

Source: k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.types.table import ResourceType

Schema = dict[str, Any]

META = "io.k8s.apimachinery.pkg.apis.meta.v1"
TYPE_META: Schema = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}}
PATCHES = ("json-patch+json", "merge-patch+json", "apply-patch+yaml")
METHODS = (
    ("get", "get"),
    ("put", "update"),
    ("patch", "patch"),
    ("delete", "delete"),
    ("post", "create"),
)
OPTIONS = {
    "get": ("resourceVersion",),
    "put": ("dryRun", "fieldManager", "fieldValidation"),
    "post": ("dryRun", "fieldManager", "fieldValidation"),
    "patch": ("dryRun", "fieldManager", "fieldValidation", "force"),
    "delete": ("dryRun", "gracePeriodSeconds", "propagationPolicy"),
}


def document(info: dict[str, Any], resources: Iterable[ResourceType]) -> bytes:
    """The document of one group version that definitions serve."""
    found = list(resources)
    paths = {path: item for one in found for path, item in _paths(one)}
    schemas: Schema = {f"{META}.ObjectMeta": {"type": "object"}}
    for one in found:
        schemas |= _schemas(one)
    body = {
        "openapi": "3.0.0",
        "info": info,
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return encode(body)


def _name(resource: ResourceType, kind: str) -> str:
    """`com.example.v1.Widget`"""
    return ".".join([*reversed(resource.group.split(".")), resource.version, kind])


def _identity(resource: ResourceType, kind: str) -> list[dict[str, str]]:
    return [{"group": resource.group, "version": resource.version, "kind": kind}]


def _schemas(resource: ResourceType) -> Schema:
    given: Schema = dict(resource.custom.schema) if resource.custom else {}
    metadata = {"allOf": [{"$ref": f"#/components/schemas/{META}.ObjectMeta"}]}
    properties = {**TYPE_META, **given.get("properties", {}), "metadata": metadata}
    single = _name(resource, resource.kind)
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{single}"}}
    return {
        single: {
            "type": "object",
            **given,
            "properties": properties,
            "x-kubernetes-group-version-kind": _identity(resource, resource.kind),
        },
        _name(resource, resource.list_kind): {
            "type": "object",
            "required": ["items"],
            "properties": {**TYPE_META, "metadata": {"type": "object"}, "items": items},
            "x-kubernetes-group-version-kind": _identity(resource, resource.list_kind),
        },
    }


def _paths(resource: ResourceType) -> Iterator[tuple[str, Schema]]:
    root = f"/apis/{resource.group}/{resource.version}"
    scope = f"{root}/namespaces/{{namespace}}" if resource.namespaced else root
    many = f"{scope}/{resource.plural}"
    yield many, _item(resource, {"get": "list", "post": "post"}, resource.list_kind)
    one = {method: method for method in ("get", "put", "patch", "delete")}
    yield f"{many}/{{name}}", _item(resource, one, resource.kind)
    for below in resource.subresources.values():
        allowed = {method: method for method, verb in METHODS if verb in below.verbs}
        yield f"{many}/{{name}}/{below.name}", _item(resource, allowed, resource.kind)


def _item(resource: ResourceType, methods: dict[str, str], answer: str) -> Schema:
    return {
        method: _operation(resource, method, action, answer) for method, action in methods.items()
    }


def _operation(resource: ResourceType, method: str, action: str, answer: str) -> Schema:
    kind = resource.kind if method == "post" else answer
    content = {"application/json": {"schema": _reference(resource, kind)}}
    operation: Schema = {
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": _identity(resource, resource.kind)[0],
        "parameters": [_parameter(name) for name in OPTIONS[method]],
        "responses": {"200": {"description": "OK", "content": content}},
    }
    if method in ("post", "put"):
        operation["requestBody"] = {"content": content}
    if method == "patch":
        patch = {"schema": {"type": "object"}}
        operation["requestBody"] = {"content": {f"application/{kind}": patch for kind in PATCHES}}
    return operation


def _reference(resource: ResourceType, kind: str) -> Schema:
    return {"$ref": f"#/components/schemas/{_name(resource, kind)}"}


def _parameter(name: str) -> Schema:
    return {"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}}
