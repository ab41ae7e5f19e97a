"""How the project speaks to a Kubernetes API: verbs and watch over plain dicts.

`KubeClient` has two implementations: the official client over HTTP and the embedded API in process.
Checks, loops and stand-ins know only this protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, Self, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
"""A Kubernetes object (or any JSON object) as plain data."""

JsonPatch: TypeAlias = list[dict[str, Any]]
"""The operations of a JSON patch (RFC 6902)."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource type. `group` is empty for the core group; `plural` is the path element."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def root(self) -> str:
        """Path up to the version, for example `/api/v1` or `/apis/coordination.k8s.io/v1`."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    def path(self, name: str = "", namespace: str | None = None, subresource: str = "") -> str:
        """URL path of the collection or of one object."""
        parts = [self.root]
        if self.namespaced and namespace:
            parts.append(f"namespaces/{namespace}")
        parts.append(self.plural)
        parts.extend(part for part in (name, subresource) if part)
        return "/".join(parts)


NODES = Resource("", "v1", "nodes", "Node", namespaced=False)
NAMESPACES = Resource("", "v1", "namespaces", "Namespace", namespaced=False)
SERVICES = Resource("", "v1", "services", "Service", namespaced=True)
EVENTS = Resource("", "v1", "events", "Event", namespaced=True)
CONFIG_MAPS = Resource("", "v1", "configmaps", "ConfigMap", namespaced=True)
LEASES = Resource("coordination.k8s.io", "v1", "leases", "Lease", namespaced=True)

RUN_LABEL = "conformance.cloud-provider/run-id"
"""Label of every object that a run makes; nothing without it is touched on a shared cluster."""


class PatchType(StrEnum):
    """Content types of PATCH bodies."""

    JSON = "application/json-patch+json"
    MERGE = "application/merge-patch+json"
    STRATEGIC = "application/strategic-merge-patch+json"


class WatchType(StrEnum):
    """Types of watch events that a client sees; an ERROR event is raised as `ApiError`."""

    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"
    BOOKMARK = "BOOKMARK"


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """One event of a watch; the object belongs to the receiver."""

    type: WatchType
    object: JsonObject


class ApiError(Exception):
    """The API server refused. `code` is the HTTP status, `reason` the Status reason."""

    def __init__(self, code: int, reason: str, message: str, status: JsonObject | None = None):
        super().__init__(f"{code} {reason}: {message}")
        self.code = code
        self.reason = reason
        self.message = message
        self.status: JsonObject = status or {}


class NotFound(ApiError):
    """404: the object does not exist."""


class Conflict(ApiError):
    """409 with reason Conflict: the resourceVersion or another precondition is stale."""


class AlreadyExists(ApiError):
    """409 with reason AlreadyExists."""


class Expired(ApiError):
    """410: the resourceVersion or the continue token is too old; list again."""


class Invalid(ApiError):
    """422: the object was refused by validation; `status.details.causes` says why."""


class ApiUnreachable(Exception):
    """No answer from the API server: connection refused, cut or timed out."""


def api_error(status: JsonObject) -> ApiError:
    """The exception for a `Status` object."""
    code = int(status.get("code") or 500)
    reason = str(status.get("reason") or "")
    message = str(status.get("message") or "")
    by_code: dict[int, type[ApiError]] = {404: NotFound, 409: Conflict, 410: Expired, 422: Invalid}
    found = AlreadyExists if reason == "AlreadyExists" else by_code.get(code, ApiError)
    return found(code, reason, message, status)


class Watch(Protocol):
    """An open watch. Iteration ends when the server ends it or `close` is called (any thread).

    Raises `Expired` when the server says 410 and `ApiUnreachable` when the connection breaks.
    """

    def __iter__(self) -> Iterator[WatchEvent]: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class KubeClient(Protocol):
    """Synchronous verbs and watch; safe to use from several threads.

    Objects that come out are the caller's own copies. Every verb raises `ApiError` (or the subclass
    for its code) when the server refuses and `ApiUnreachable` when there is no answer.
    `namespace=None` on a namespaced `list` or `watch` means all namespaces.
    """

    def get(self, resource: Resource, name: str, namespace: str | None = None) -> JsonObject: ...

    def list(
        self,
        resource: Resource,
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
        limit: int = 0,
        continue_token: str = "",
    ) -> JsonObject:
        """The List object, `metadata.resourceVersion` included."""
        ...

    def create(
        self, resource: Resource, body: JsonObject, namespace: str | None = None
    ) -> JsonObject: ...

    def replace(
        self,
        resource: Resource,
        name: str,
        body: JsonObject,
        namespace: str | None = None,
        *,
        subresource: str = "",
    ) -> JsonObject: ...

    def patch(
        self,
        resource: Resource,
        name: str,
        patch: JsonObject | JsonPatch,
        namespace: str | None = None,
        *,
        patch_type: PatchType = PatchType.STRATEGIC,
        subresource: str = "",
    ) -> JsonObject: ...

    def delete(
        self,
        resource: Resource,
        name: str,
        namespace: str | None = None,
        *,
        options: JsonObject | None = None,
    ) -> JsonObject: ...

    def watch(
        self,
        resource: Resource,
        namespace: str | None = None,
        *,
        resource_version: str = "",
        label_selector: str = "",
        field_selector: str = "",
        send_initial_events: bool = False,
        timeout_seconds: int | None = None,
    ) -> Watch: ...

    def version(self) -> JsonObject:
        """What `GET /version` answers."""
        ...
