"""The verbs of `KubeClient` as requests: method, path, query and body, however these are sent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Generic, TypeVar

from conformance.contracts.kubernetes import JsonObject, JsonPatch, PatchType, Resource, Watch

Opened = TypeVar("Opened", bound=Watch, covariant=True)

JSON = "application/json"


class RequestedVerbs(ABC, Generic[Opened]):
    """Implements `KubeClient` for whoever can send a request and open a watch."""

    @abstractmethod
    def _call(
        self,
        method: str,
        path: str,
        body: JsonObject | JsonPatch | None = None,
        *,
        query: Mapping[str, str] | None = None,
        content_type: str = JSON,
    ) -> JsonObject:
        """The object in the answer. Raises as `KubeClient`."""

    @abstractmethod
    def _open(self, path: str, query: Mapping[str, str]) -> Opened:
        """The watch that this GET opens. Raises as `KubeClient`."""

    def get(self, resource: Resource, name: str, namespace: str | None = None) -> JsonObject:
        return self._call("GET", resource.path(name, namespace))

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
        query = {
            "labelSelector": label_selector,
            "fieldSelector": field_selector,
            "limit": limit,
            "continue": continue_token,
        }
        return self._call("GET", resource.path(namespace=namespace), query=_given(query))

    def create(
        self, resource: Resource, body: JsonObject, namespace: str | None = None
    ) -> JsonObject:
        return self._call("POST", resource.path(namespace=namespace), body)

    def replace(
        self,
        resource: Resource,
        name: str,
        body: JsonObject,
        namespace: str | None = None,
        *,
        subresource: str = "",
    ) -> JsonObject:
        return self._call("PUT", resource.path(name, namespace, subresource), body)

    def patch(
        self,
        resource: Resource,
        name: str,
        patch: JsonObject | JsonPatch,
        namespace: str | None = None,
        *,
        patch_type: PatchType = PatchType.STRATEGIC,
        subresource: str = "",
    ) -> JsonObject:
        path = resource.path(name, namespace, subresource)
        return self._call("PATCH", path, patch, content_type=patch_type.value)

    def delete(
        self,
        resource: Resource,
        name: str,
        namespace: str | None = None,
        *,
        options: JsonObject | None = None,
    ) -> JsonObject:
        body = {"apiVersion": "v1", "kind": "DeleteOptions", **(options or {})}
        return self._call("DELETE", resource.path(name, namespace), body)

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
    ) -> Opened:
        query = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": resource_version,
            "labelSelector": label_selector,
            "fieldSelector": field_selector,
            "timeoutSeconds": timeout_seconds,
        }
        if send_initial_events:
            query |= {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan"}
        return self._open(resource.path(namespace=namespace), _given(query))

    def version(self) -> JsonObject:
        return self._call("GET", "/version")


def _given(query: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items() if value}
