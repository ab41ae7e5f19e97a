"""What the server serves besides objects: groups, resources, health, version.

Source: k8s.io/apiserver/pkg/endpoints/discovery and pkg/server/healthz.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.status_errors import method_not_allowed
from fake_cloud.kube_api.store import encode
from fake_cloud.kube_api.types.served import ServedTypes
from fake_cloud.kube_api.types.table import ResourceType
from fake_cloud.kube_api.types.version_order import newest_first

HEALTH = ("/healthz", "/readyz", "/livez")
CHECKS = ("ping", "etcd")
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
ADDRESSES = [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1:443"}]


class Discovery:
    """Documents are made when somebody asks, and kept until other types are served."""

    def __init__(self, served: ServedTypes, version: str):
        self._served, self._version = served, version
        self._types = served.now
        self._made: dict[str, bytes] = {}

    def handle(self, request: Request) -> Reply:
        """Raises a 405 `StatusError`."""
        path = request.path.rstrip("/") or "/"
        if path.startswith(HEALTH):
            return _health(path, verbose="verbose" in request.query)
        data = self._encoded(path)
        if data is None:
            return Reply(404, PLAIN, b"404 page not found\n")
        if request.method not in ("GET", "HEAD"):
            raise method_not_allowed()
        return Reply(200, {"Content-Type": JSON}, data)

    def _encoded(self, path: str) -> bytes | None:
        if self._types is not self._served.now:
            self._types, self._made = self._served.now, {}
        data = self._made.get(path)
        if data is None and (document := self._document(path)) is not None:
            data = self._made[path] = encode(document)
        return data

    def _document(self, path: str) -> dict[str, Any] | None:
        fixed: dict[str, Callable[[], dict[str, Any] | None]] = {
            "/": self._paths,
            "/version": self._version_info,
            "/api": self._api,
            "/apis": self._groups,
            "/api/v1": lambda: self._resources("", "v1"),
        }
        if path in fixed:
            return fixed[path]()
        parts = path.strip("/").split("/")
        if parts[0] == "apis" and len(parts) == 2 and self._versions(parts[1]):
            return {"kind": "APIGroup", "apiVersion": "v1", **self._group(parts[1])}
        if parts[0] == "apis" and len(parts) == 3:
            return self._resources(parts[1], parts[2])
        return None

    def _paths(self) -> dict[str, Any]:
        versions = [f"/apis/{g}/{v}" for g in self._group_names() for v in self._versions(g)]
        return {"paths": ["/api", "/api/v1", "/apis", *versions, *HEALTH, "/version"]}

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

    def _api(self) -> dict[str, Any]:
        return {
            "kind": "APIVersions",
            "versions": ["v1"],
            "serverAddressByClientCIDRs": ADDRESSES,
        }

    def _groups(self) -> dict[str, Any]:
        groups = [self._group(name) for name in self._group_names()]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}

    def _group(self, name: str) -> dict[str, Any]:
        versions = [
            {"groupVersion": f"{name}/{version}", "version": version}
            for version in self._versions(name)
        ]
        return {"name": name, "versions": versions, "preferredVersion": versions[0]}

    def _group_names(self) -> list[str]:
        return sorted({group for group, _, _ in self._types.resources if group})

    def _versions(self, name: str) -> list[str]:
        found = {v for group, v, _ in self._types.resources if group == name}
        return sorted(found, key=newest_first)

    def _resources(self, group: str, version: str) -> dict[str, Any] | None:
        found = [
            resource
            for (g, v, _), resource in self._types.resources.items()
            if (g, v) == (group, version)
        ]
        if not found:
            return None
        entries = [entry for resource in found for entry in _entries(resource)]
        name = f"{group}/{version}" if group else version
        return {
            "kind": "APIResourceList",
            **({"apiVersion": "v1"} if group else {}),
            "groupVersion": name,
            "resources": entries,
        }


def _entries(resource: ResourceType) -> list[dict[str, Any]]:
    main: dict[str, Any] = {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": sorted(resource.verbs),
    }
    if resource.short_names:
        main["shortNames"] = list(resource.short_names)
    if resource.categories:
        main["categories"] = list(resource.categories)
    below = [
        {
            "name": f"{resource.plural}/{sub.name}",
            "singularName": "",
            "namespaced": resource.namespaced,
            **_foreign(sub.group, sub.version, resource),
            "kind": sub.kind,
            "verbs": sorted(sub.verbs),
        }
        for sub in resource.subresources.values()
    ]
    return [main, *below]


def _foreign(group: str, version: str, resource: ResourceType) -> dict[str, str]:
    if (group, version) == (resource.group, resource.version):
        return {}
    return {"group": group, "version": version}


def _health(path: str, *, verbose: bool) -> Reply:
    endpoint, _, check = path.strip("/").partition("/")
    if check and check not in CHECKS:
        return Reply(404, PLAIN, b"404 page not found\n")
    text = "ok"
    if verbose:
        lines = [f"[+]{name} ok" for name in CHECKS]
        text = "\n".join([*lines, f"{endpoint} check passed", ""])
    return Reply(200, PLAIN, text.encode())
