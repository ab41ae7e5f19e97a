"""Discovery, health and version over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from fake_cloud.kube_api.discovery import plain
from fake_cloud.kube_api.discovery.aggregated import aggregated, asked_version, media_type
from fake_cloud.kube_api.discovery.groups import groups
from fake_cloud.kube_api.discovery.health import ENDPOINTS, NOT_FOUND, health
from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.representations.accept import wanted_of
from fake_cloud.kube_api.status_errors import generic_not_found, method_not_allowed
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.types.served import ServedTypes, TypeSet

ROOTS = ("/api", "/apis")


class Discovery:
    """Documents are made when somebody asks, and kept until other types are served."""

    def __init__(self, served: ServedTypes, version: str):
        self._served, self._version = served, version
        self._types = served.now
        self._made: dict[str, bytes] = {}

    def handle(self, request: Request) -> Reply:
        """Raises a 404, 405 or 406 `StatusError`."""
        path = request.path.rstrip("/") or "/"
        if path.startswith(ENDPOINTS):
            excluded = request.query.get("exclude", "")
            return health(path, verbose="verbose" in request.query, excluded=excluded)
        if self._types is not self._served.now:
            self._types, self._made = self._served.now, {}
        data = self._kept(path, lambda types: self._document(path, types))
        if data is None:
            return self._missing(path)
        if request.method not in ("GET", "HEAD"):
            raise method_not_allowed()
        accept = request.headers.get("accept", "")
        if path in ROOTS and (version := asked_version(accept)):
            return self._aggregated(request, path, version)
        wanted_of(accept, of_list=False, watching=False)
        return Reply(200, {"Content-Type": JSON}, data)

    def _missing(self, path: str) -> Reply:
        """Below a group that is there, kube-apiserver says it in a Status, if it is built in."""
        root, *below = path.strip("/").split("/")
        if (root == "api" and below) or (root == "apis" and below[0] in self._built_in()):
            raise generic_not_found()
        return NOT_FOUND

    def _built_in(self) -> set[str]:
        return {r.group for r in self._types.resources.values() if r.custom is None}

    def _kept(self, key: str, make: Callable[[TypeSet], dict[str, Any] | None]) -> bytes | None:
        data = self._made.get(key)
        if data is None:
            document = make(self._types)
            if document is None:
                return None
            data = self._made[key] = encode(document)
        return data

    def _aggregated(self, request: Request, path: str, version: str) -> Reply:
        data = self._kept(
            f"{path} {version}", lambda types: aggregated(types, version, core=path == "/api")
        )
        tag = f'"{hashlib.sha512(data or b"").hexdigest().upper()}"'
        headers = {"Cache-Control": "public", "ETag": tag, "Vary": "Accept"}
        if request.headers.get("if-none-match") == tag:
            return Reply(304, headers, b"")
        return Reply(200, {"Content-Type": media_type(version), **headers}, data or b"")

    def _document(self, path: str, types: TypeSet) -> dict[str, Any] | None:
        fixed: dict[str, Callable[[], dict[str, Any] | None]] = {
            "/": lambda: _paths(types),
            "/version": self._version_info,
            "/api": plain.core_versions,
            "/apis": lambda: plain.group_list(types),
            "/api/v1": lambda: plain.resource_list(types, "", "v1"),
        }
        if path in fixed:
            return fixed[path]()
        root, *below = path.strip("/").split("/")
        if root == "apis" and len(below) == 1:
            return plain.group(types, below[0])
        return plain.resource_list(types, *below) if root == "apis" and len(below) == 2 else None

    def _version_info(self) -> dict[str, Any]:
        major, minor = self._served.minor.split(".")
        return {
            "major": major,
            "minor": minor,
            "emulationMajor": major,
            "emulationMinor": minor,
            "minCompatibilityMajor": major,
            "minCompatibilityMinor": str(int(minor) - 1),
            "gitVersion": self._version,
            "gitCommit": "",
            "gitTreeState": "",
            "buildDate": "1970-01-01T00:00:00Z",
            "goVersion": "",
            "compiler": "",
            "platform": "",
        }


def _paths(types: TypeSet) -> dict[str, Any]:
    named = [
        path
        for group, versions in groups(types).items()
        for path in (f"/apis/{group}", *(f"/apis/{group}/{version}" for version in versions))
    ]
    return {
        "paths": ["/api", "/api/v1", "/apis", *sorted(named), *ENDPOINTS, "/openapi/v3", "/version"]
    }
