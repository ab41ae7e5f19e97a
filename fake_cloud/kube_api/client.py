"""`KubeClient` in process: requests go to the core as values, answers come back as new dicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Self

from conformance.contracts.kubernetes import (
    ApiError,
    ApiUnreachable,
    JsonObject,
    JsonPatch,
    Resource,
    WatchEvent,
    WatchType,
    api_error,
)
from conformance.contracts.kubernetes_verbs import RequestedVerbs
from fake_cloud.kube_api.authentication.user import OWNER, User
from fake_cloud.kube_api.http import JSON, ConnectionCut, EventStream, Reply, Request, Streaming
from fake_cloud.kube_api.store import decode, encode
from fake_cloud.kube_api.writing.apply_patch import APPLY

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


class InProcessClient(RequestedVerbs[InProcessWatch]):
    """Implements `KubeClient` for one user; it has no state and may be shared by threads.

    `program` stands for the client in `managedFields`.
    """

    def __init__(self, handle: Handle, program: str = OURS, user: User = OWNER):
        self._handle, self._program, self._user = handle, program, user

    def apply(self, resource: Resource, body: JsonObject, manager: str) -> JsonObject:
        """Apply what `manager` wants of an object of cluster scope, whoever else owns it."""
        query = {"fieldManager": manager, "force": "true"}
        head = {"kind": resource.kind, "apiVersion": resource.api_version}
        path = resource.path(body["metadata"]["name"])
        return self._call("PATCH", path, head | body, query=query, content_type=APPLY)

    def _call(
        self,
        method: str,
        path: str,
        body: JsonObject | JsonPatch | None = None,
        *,
        query: Mapping[str, str] | None = None,
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

    def _open(self, path: str, query: Mapping[str, str]) -> InProcessWatch:
        answer = self._answer(Request("GET", path, query, user=self._user))
        if isinstance(answer, Reply):
            raise _refused(answer)
        return InProcessWatch(answer.stream)

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
