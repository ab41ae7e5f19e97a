"""A small type with every kind of part, its objects and its scopes."""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet
from fake_cloud.kube_api.managed_fields.shapes import LIST, MAP, Shape
from fake_cloud.kube_api.managed_fields.tracking import Scope
from fake_cloud.kube_api.managed_fields.versions import Version

Body = dict[str, Any]

STRING, NUMBER = Shape("string"), Shape("numeric")
PORT = Shape(MAP, MAP, {"port": NUMBER, "protocol": STRING, "name": STRING})
THING = Shape(
    MAP,
    MAP,
    {
        "name": STRING,
        "labels": Shape(MAP, MAP, item=STRING),
        "whole": Shape(MAP, fields={"a": STRING}),
        "list": Shape(LIST, item=STRING),
        "set": Shape(LIST, LIST, item=STRING),
        "ports": Shape(
            LIST, LIST, item=PORT, keys=("port", "protocol"), defaults={"protocol": "TCP"}
        ),
    },
)

META = Shape(MAP, MAP, {"annotations": Shape(MAP, MAP, item=STRING), "name": STRING})
TYPE = Shape(MAP, MAP, {**THING.fields, "metadata": META, "apiVersion": STRING, "kind": STRING})
"""An object: the same with its metadata."""


def version(api_version: str = "v1") -> Version:
    def zero() -> Body:
        return {"apiVersion": api_version, "kind": "Thing", "metadata": {}}

    def convert(body: Body) -> Body:
        return {**body, "apiVersion": api_version}

    return Version(api_version, "Thing", TYPE, zero, convert, lambda body: body)


def scope(subresource: str = "", reset: FieldSet | None = None, served: str = "v1 v2") -> Scope:
    known = {name: version(name) for name in served.split()}
    return Scope(version(), subresource, reset or {}, known.get)


def thing(**parts: Any) -> Body:
    metadata = {"name": "one", **parts.pop("metadata", {})}
    return {"apiVersion": "v1", "kind": "Thing", "metadata": metadata, **parts}


def owners(body: Body) -> dict[str, FieldSet]:
    return {e["manager"]: e["fieldsV1"] for e in body["metadata"].get("managedFields", [])}
