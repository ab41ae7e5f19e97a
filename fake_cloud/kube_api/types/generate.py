"""Make the type tables (for developers; the tables are committed).

    python -m fake_cloud.kube_api.types.generate --api DIR --apimachinery DIR --apiextensions DIR \
        1.37 ...

Sources: `kubernetes-validate` (installed: definitions with merge keys and list types, all minors)
and the Go modules `k8s.io/api`, `k8s.io/apimachinery` and `k8s.io/apiextensions-apiserver` (one
version: which empty values are written out). What is served is made by `generate_announced`.
Only stable versions of groups are kept: kube-apiserver serves no others by default.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from fake_cloud.kube_api.types.go_fields import Emptiness, emptiness_by_type

PREFIXES = (
    "io.k8s.api.",
    "io.k8s.apimachinery.pkg.",
    "io.k8s.apiextensions-apiserver.pkg.apis.",
    "io.k8s.kube-aggregator.pkg.apis.",
)
SCALARS = {
    "api.resource.Quantity": "quantity",
    "util.intstr.IntOrString": "int-or-string",
    "apis.meta.v1.Time": "time",
    "apis.meta.v1.MicroTime": "micro-time",
}
OPEN = {
    "runtime.RawExtension",
    "apis.meta.v1.FieldsV1",
    "apis.meta.v1.Patch",
    "apiextensions.v1.JSON",
    "apiextensions.v1.JSONSchemaPropsOrBool",
}
ALIASES: dict[str, Any] = {
    "apiextensions.v1.JSONSchemaPropsOrArray": "$apiextensions.v1.JSONSchemaProps",
    "apiextensions.v1.JSONSchemaPropsOrStringArray": ["list", "string"],
}
"""Of two forms the one that is met: no structural schema has the other."""

KEY_DEFAULTS = {
    ("core.v1.ContainerPort", "protocol"): "TCP",
    ("core.v1.ServicePort", "protocol"): "TCP",
}
"""Defaults of fields that are keys of lists; the published definitions leave them out."""

KEPT_EMPTY = {("apis.meta.v1.ObjectMeta", "managedFields")}
"""Whether these are empty or missing decides something before they are encoded."""

HERE = Path(__file__).parent


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api", type=Path, required=True)
    parser.add_argument("--apimachinery", type=Path, required=True)
    parser.add_argument("--apiextensions", type=Path, required=True)
    parser.add_argument("minors", nargs="+", metavar="MINOR")
    options = parser.parse_args(list(arguments) if arguments is not None else None)
    emptiness = emptiness_by_type(options.api, options.apimachinery, options.apiextensions)
    for minor in options.minors:
        write_table(minor, table(minor, emptiness))


def write_table(minor: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, separators=(",", ":")).encode()
    (HERE / "tables" / f"{minor}.json.gz").write_bytes(gzip.compress(text, mtime=0))


def table(minor: str, emptiness: dict[str, Emptiness]) -> dict[str, Any]:
    definitions = {short(name): body for name, body in _definitions(minor).items()}
    wanted = _reachable(_kinds(definitions), definitions)
    types = {
        name: _fields(name, definitions[name].get("properties", {}), emptiness.get(name, {}))
        for name in sorted(wanted)
    }
    atomic = [n for n in types if definitions[n].get("x-kubernetes-map-type") == "atomic"]
    return {"minor": minor, "types": types, "atomic": atomic}


def _definitions(minor: str) -> dict[str, Any]:
    package = files("kubernetes_validate") / "kubernetes-json-schema"
    path = package / f"v{minor}.0-local" / "_definitions.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return dict(found.get("$defs") or found["definitions"])


def short(name: str) -> str:
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


def _kinds(definitions: dict[str, Any]) -> set[str]:
    """Types of stable objects; only kinds of one group version are objects."""
    return {
        name
        for name, body in definitions.items()
        for gvk in body.get("x-kubernetes-group-version-kind", [])[:1]
        if re.fullmatch(r"v\d+", gvk["version"]) and not gvk["kind"].endswith("List")
    }


def _reachable(roots: set[str], definitions: dict[str, Any]) -> set[str]:
    seen: set[str] = set()
    waiting = [*roots, "apis.meta.v1.DeleteOptions"]
    while waiting:
        name = waiting.pop()
        if name in seen or name in SCALARS or name in OPEN or name not in definitions:
            continue
        seen.add(name)
        waiting.extend(_references(definitions[name]))
    return seen


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield _target(node)
        for value in node.values():
            yield from _references(value)


def _target(node: dict[str, Any]) -> str:
    return short(str(node["$ref"]).rsplit("/", 1)[-1])


def _fields(owner: str, properties: dict[str, Any], emptiness: Emptiness) -> dict[str, Any]:
    """In the order of the Go struct, which is that of the encoder."""
    ordered = [*(name for name in emptiness if name in properties), *properties]
    return {
        name: _field(
            properties[name],
            "keep" if (owner, name) in KEPT_EMPTY else emptiness.get(name, "keep"),
            KEY_DEFAULTS.get((owner, name)),
        )
        for name in dict.fromkeys(ordered)
    }


def _field(body: dict[str, Any], empty: str, default: object) -> dict[str, Any]:
    """`t` type, `e` emptiness, `m` merge key, `s` patch strategy, `l` list type, `k` map keys.

    `d` is a default.
    """
    given = {
        "t": _type(body),
        "e": empty,
        "m": body.get("x-kubernetes-patch-merge-key"),
        "s": body.get("x-kubernetes-patch-strategy"),
        "l": body.get("x-kubernetes-list-type") or body.get("x-kubernetes-map-type"),
        "k": body.get("x-kubernetes-list-map-keys"),
        "d": default,
    }
    return {key: value for key, value in given.items() if value}


def _type(body: dict[str, Any]) -> Any:
    if "$ref" in body:
        target = _target(body)
        known = SCALARS.get(target) or ALIASES.get(target)
        return known or ("any" if target in OPEN else f"${target}")
    kind = body.get("type", "any")
    kind = next(k for k in kind if k != "null") if isinstance(kind, list) else kind
    if kind == "array":
        return ["list", _type(body.get("items", {}))]
    if kind == "object":
        inner = body.get("additionalProperties")
        return ["map", _type(inner)] if isinstance(inner, dict) else "any"
    if kind == "string" and body.get("format") == "byte":
        return "bytes"
    return str(body.get("format", "int64")) if kind == "integer" else kind


if __name__ == "__main__":
    main()
