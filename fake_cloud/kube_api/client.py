"""`KubeClient` in process: requests go to the core as values, answers come back as new dicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

from conformance.contracts.kubernetes import (
    ApiError,
    ApiUnreachable,
    JsonObject,
    JsonPatch,
    PatchType,
    Resource,
    WatchEvent,
    WatchType,
    api_error,
)
from fake_cloud.kube_api.authentication.user import OWNER, User
from fake_cloud.kube_api.http import JSON, ConnectionCut, EventStream, Reply, Request, Streaming
from fake_cloud.kube_api.store import decode, encode

Handle = Callable[[Request], Reply | Streaming]

OURS = "cloud-provider-conformance"


class InProcessWatch:
    """Implements `Watch` over an event stream."""

    def __init__(self, stream: EventStream):
        self._stream = stream

    def __iter__(self) -> Iterator[WatchEvent]:
        while (line := self._stream.next_line()) is not None:
            event = decode(line)
            if event["type"] == "ERROR":
                raise api_error(event["object"])
            yield WatchEvent(WatchType(event["type"]), event["object"])
        if self._stream.cut:
            raise ApiUnreachable("the watch was cut by an outage")

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class InProcessClient:
    """Implements `KubeClient` for one user; it has no state and may be shared by threads.

    `program` stands for the client in `managedFields`.
    """

    def __init__(self, handle: Handle, program: str = OURS, user: User = OWNER):
        self._handle, self._program, self._user = handle, program, user

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
        query = _query(
            labelSelector=label_selector,
            fieldSelector=field_selector,
            limit=limit,
            **{"continue": continue_token},
        )
        return self._call("GET", resource.path(namespace=namespace), query)

    def create(
        self, resource: Resource, body: JsonObject, namespace: str | None = None
    ) -> JsonObject:
        return self._call("POST", resource.path(namespace=namespace), body=body)

    def replace(
        self,
        resource: Resource,
        name: str,
        body: JsonObject,
        namespace: str | None = None,
        *,
        subresource: str = "",
    ) -> JsonObject:
        return self._call("PUT", resource.path(name, namespace, subresource), body=body)

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
        return self._call("PATCH", path, body=patch, content_type=patch_type)

    def apply(self, resource: Resource, body: JsonObject, manager: str) -> JsonObject:
        """Apply what `manager` wants of an object of cluster scope, whoever else owns it."""
        query = {"fieldManager": manager, "force": "true"}
        head = {"kind": resource.kind, "apiVersion": resource.api_version}
        path = resource.path(body["metadata"]["name"])
        return self._call("PATCH", path, query, head | body, "application/apply-patch+yaml")

    def delete(
        self,
        resource: Resource,
        name: str,
        namespace: str | None = None,
        *,
        options: JsonObject | None = None,
    ) -> JsonObject:
        return self._call("DELETE", resource.path(name, namespace), body=options)

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
    ) -> InProcessWatch:
        query = _query(
            watch="true",
            allowWatchBookmarks="true",
            resourceVersion=resource_version,
            labelSelector=label_selector,
            fieldSelector=field_selector,
            sendInitialEvents="true" if send_initial_events else "",
            resourceVersionMatch="NotOlderThan" if send_initial_events else "",
            timeoutSeconds=timeout_seconds or "",
        )
        path = resource.path(namespace=namespace)
        answer = self._answer(Request("GET", path, query, user=self._user))
        if isinstance(answer, Reply):
            raise _refused(answer)
        return InProcessWatch(answer.stream)

    def version(self) -> JsonObject:
        return self._call("GET", "/version")

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str = JSON,
    ) -> JsonObject:
        data = b"" if body is None else encode(body)
        headers = {"content-type": content_type, "user-agent": self._program}
        answer = self._answer(Request(method, path, query or {}, headers, data, self._user))
        if not isinstance(answer, Reply):
            raise TypeError(f"{method} {path} was answered with a watch")
        if answer.status >= 400:
            raise _refused(answer)
        return decode(answer.body)

    def _answer(self, request: Request) -> Reply | Streaming:
        try:
            return self._handle(request)
        except ConnectionCut as cut:
            raise ApiUnreachable(str(cut)) from None


def _refused(answer: Reply) -> ApiError:
    """What serves no resource answers in plain text."""
    if answer.headers.get("Content-Type") == JSON:
        return api_error(decode(answer.body))
    message = answer.body.decode(errors="replace").strip()
    return api_error({"code": answer.status, "message": message})


def _query(**given: str | int) -> dict[str, str]:
    return {name: str(value) for name, value in given.items() if value}
