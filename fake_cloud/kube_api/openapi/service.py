"""`/openapi/v3` over HTTP: hashes make documents cacheable for ever.

Source: k8s.io/kube-openapi/pkg/handler3. The documents are JSON alone: their protobuf form, and
`/openapi/v2`, are asked for by nobody who does not take a 406 or 404 for an answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.openapi import custom
from fake_cloud.kube_api.openapi.published import Published, load_published
from fake_cloud.kube_api.representations.accept import accept_clauses
from fake_cloud.kube_api.status_errors import method_not_allowed
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.types.served import ServedTypes, TypeSet
from fake_cloud.kube_api.types.table import ResourceType

ROOT = "/openapi/v3"
LIFETIME = timedelta(days=365)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


class OpenApi:
    """Documents are made when somebody asks; their hashes are kept as long as types are."""

    def __init__(self, served: ServedTypes):
        self._served = served
        self._types = served.now
        self._hashes: dict[str, str] = {}

    def handle(self, request: Request) -> Reply:
        """Raises a 405 `StatusError`."""
        if request.method not in ("GET", "HEAD"):
            raise method_not_allowed()
        types = self._served.now
        if types is not self._types:
            self._types, self._hashes = types, {}
        if request.path == ROOT:
            return Reply(200, PLAIN, self._index(types))
        return self._answer(request, request.path.removeprefix(f"{ROOT}/"), types)

    def _index(self, types: TypeSet) -> bytes:
        published = load_published(self._served.minor)
        names = sorted({*published.documents, *_custom_versions(types)})
        paths = {name: {"serverRelativeURL": self._url(published, name, types)} for name in names}
        return encode({"paths": paths})

    def _url(self, published: Published, name: str, types: TypeSet) -> str:
        if name not in self._hashes:
            self._hashes[name] = _hash(_document(published, name, types))
        return f"{ROOT}/{name}?hash={self._hashes[name]}"

    def _answer(self, request: Request, name: str, types: TypeSet) -> Reply:
        if not _takes_json(request.headers.get("accept", "")):
            return Reply(406, {"Vary": "Accept"}, b"")
        published = load_published(self._served.minor)
        if name not in published.documents and name not in _custom_versions(types):
            return Reply(404, {}, b"")
        data = _document(published, name, types)
        seen = self._hashes.setdefault(name, _hash(data))
        headers = {"Content-Type": JSON, "ETag": f'"{seen}"', "Vary": "Accept"}
        given = request.query.get("hash")
        if given is not None and given != seen:
            return Reply(301, {**headers, "Location": f"{ROOT}/{name}?hash={seen}"}, b"")
        if given is not None:
            headers |= {"Cache-Control": "public, immutable", "Expires": _a_year_from_now()}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Reply(304, headers, b"")
        return Reply(200, headers, data)


def _document(published: Published, name: str, types: TypeSet) -> bytes:
    resources = _custom_versions(types).get(name)
    if resources is None:
        return published.encoded(name)
    return custom.document(msgspec.json.decode(published.info), resources)


def _custom_versions(types: TypeSet) -> dict[str, list[ResourceType]]:
    """By the names of their documents."""
    found: dict[str, list[ResourceType]] = {}
    for name, resource in _custom(types):
        found.setdefault(name, []).append(resource)
    return found


def _custom(types: TypeSet) -> Iterator[tuple[str, ResourceType]]:
    for resource in types.resources.values():
        if resource.custom is not None:
            yield f"apis/{resource.api_version}", resource


def _takes_json(accept: str) -> bool:
    return not accept or any(clause.covers(JSON) for clause in accept_clauses(accept))


def _hash(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest().upper()


def _a_year_from_now() -> str:
    return f"{datetime.now(UTC) + LIFETIME:%a, %d %b %Y %H:%M:%S} UTC"
