"""Reads from method and URL what a request to the Kubernetes API is about.

After k8s.io/apiserver pkg/endpoints/request/requestinfo.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}

NAMESPACE_SUBRESOURCES = frozenset({"status", "finalize"})


@dataclass(frozen=True, slots=True)
class Request:
    """`resource` is the plural, empty for paths that are none; then `name` is the path."""

    verb: str
    resource: str
    name: str
    subresource: str


def describe(method: str, target: str) -> Request:
    """The request that `method` and the request target (path and query) stand for."""
    url = urlsplit(target)
    parts = [unquote(part) for part in url.path.split("/") if part]
    in_version = {"api": 2, "apis": 3}.get(parts[0] if parts else "", len(parts))
    rest = parts[in_version:]
    if not rest:
        return Request(VERBS.get(method, method.lower()), "", url.path, "")
    resource, name, subresource = _object(rest)
    return Request(_verb(method, name, url.query), resource, name, subresource)


def _object(rest: list[str]) -> tuple[str, str, str]:
    of_namespace = len(rest) == 3 and rest[2] in NAMESPACE_SUBRESOURCES
    if rest[0] == "namespaces" and len(rest) > 2 and not of_namespace:
        rest = rest[2:]
    resource, name, subresource = (*rest, "", "")[:3]
    return resource, name, subresource


def _verb(method: str, name: str, query: str) -> str:
    if method in VERBS:
        return "deletecollection" if method == "DELETE" and not name else VERBS[method]
    if parse_qs(query).get("watch", ["false"])[-1] in ("true", "1"):
        return "watch"
    return "get" if name else "list"
