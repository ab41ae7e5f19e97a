"""`KubeClient` over HTTP: credentials and TLS by the official client, objects as plain dicts.

The official package reads the kubeconfig (tokens, certificates, exec plugins, proxies); requests go
through its connection pool without its models. It is imported on first use: that costs 0.4 s.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from conformance.contracts.kubernetes import (
    ApiError,
    ApiUnreachable,
    JsonObject,
    JsonPatch,
    WatchEvent,
    WatchType,
    api_error,
)
from conformance.contracts.kubernetes_verbs import JSON, RequestedVerbs
from conformance.errors import ClusterUnreachable

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
"""Seconds; an API server ends ordinary requests after 60 s itself (--request-timeout)."""


class HttpKubeClient(RequestedVerbs["HttpWatch"]):
    """Implements `KubeClient` for one context of a kubeconfig (empty: its current context).

    Raises `ClusterUnreachable` when the kubeconfig cannot be used; speaks to no server before the
    first verb.
    """

    def __init__(self, kubeconfig: Path, context: str = "") -> None:
        from kubernetes import config

        try:
            client = config.new_client_from_config(  # type: ignore[no-untyped-call]
                config_file=str(kubeconfig), context=context or None, persist_config=False
            )
        except Exception as error:  # the loader raises whatever it trips over
            raise ClusterUnreachable(_unusable(kubeconfig, context, error)) from error
        self._configuration = client.configuration
        self._pool: urllib3.PoolManager = client.rest_client.pool_manager
        self.server: str = self._configuration.host.rstrip("/")

    def ready(self) -> bool:
        """Whether `GET /readyz` says so. Raises `ApiUnreachable`."""
        try:
            return _text(self._send("GET", "/readyz", read=READ_TIMEOUT)) == b"ok"
        except ApiError:
            return False

    def close(self) -> None:
        """Close idle connections; the client can be used again."""
        self._pool.clear()

    def _call(
        self,
        method: str,
        path: str,
        body: JsonObject | JsonPatch | None = None,
        *,
        query: Mapping[str, str] | None = None,
        content_type: str = JSON,
    ) -> JsonObject:
        response = self._send(
            method, path, body, query=query, content_type=content_type, read=READ_TIMEOUT
        )
        return _object(_text(response))

    def _open(self, path: str, query: Mapping[str, str]) -> HttpWatch:
        return HttpWatch(self._send("GET", path, query=query, read=None))

    def _send(
        self,
        method: str,
        path: str,
        body: JsonObject | JsonPatch | None = None,
        *,
        query: Mapping[str, str] | None = None,
        content_type: str = JSON,
        read: float | None,
    ) -> urllib3.BaseHTTPResponse:
        """The answer with its body unread. Raises for everything but success."""
        url = self.server + quote(path)
        if query:
            url += "?" + urlencode(query)
        try:
            response = self._pool.request(
                method,
                url,
                body=None if body is None else msgspec.json.encode(body),
                headers={"Accept": JSON, "Content-Type": content_type, **self._auth},
                timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT, read=read),
                retries=False,
                preload_content=False,
            )
        except HTTPError as error:
            raise ApiUnreachable(f"{method} {self.server}{path}: {error}") from error
        if not 200 <= response.status < 300:
            raise api_error(_status(response, _text(response)))
        return response

    @property
    def _auth(self) -> dict[str, str]:
        """Read for each request, because exec plugins and token files renew it."""
        settings = self._configuration.auth_settings().values()
        return {entry["key"]: entry["value"] for entry in settings if entry["in"] == "header"}


class HttpWatch:
    """Implements `Watch` on one streamed answer."""

    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response
        self._closed = threading.Event()
        self._begun = False

    def __iter__(self) -> Iterator[WatchEvent]:
        self._begun = True
        try:
            for line in self._lines():
                yield _event(line)
        except (HTTPError, OSError, ValueError) as error:
            # ValueError: the connection was closed under the reader, which http.client cannot say
            if not self._closed.is_set():
                raise ApiUnreachable(f"watch broke off: {error}") from error
        finally:
            self._response.close()

    def close(self) -> None:
        if self._closed.is_set():
            return
        self._closed.set()
        try:
            self._response.shutdown()
        except (RuntimeError, ValueError, OSError):  # it has ended by itself
            return
        if not self._begun:
            self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self._response.stream(amt=None, decode_content=False):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from filter(None, lines)


def _event(line: bytes) -> WatchEvent:
    event = _object(line)
    if event["type"] == "ERROR":
        raise api_error(event["object"])
    return WatchEvent(WatchType(event["type"]), event["object"])


def _object(text: bytes) -> JsonObject:
    try:
        found: Any = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ApiUnreachable(f"the answer is no JSON ({error}): {text[:80]!r}") from error
    if not isinstance(found, dict):
        raise ApiUnreachable(f"the answer is no JSON object: {text[:80]!r}")
    return found


def _text(response: urllib3.BaseHTTPResponse) -> bytes:
    try:
        return response.data
    except HTTPError as error:
        raise ApiUnreachable(f"the answer broke off: {error}") from error
    finally:
        response.release_conn()


def _status(response: urllib3.BaseHTTPResponse, text: bytes) -> JsonObject:
    """The Status in an answer, made up from the status line where there is none."""
    try:
        found = _object(text)
    except ApiUnreachable:
        found = {"message": text[:200].decode(errors="replace").strip()}
    return {"reason": response.reason or "", **found, "code": response.status}


def _unusable(kubeconfig: Path, context: str, error: Exception) -> str:
    wanted = f"context {context!r}" if context else "current context"
    why = " ".join(str(error).split())
    return f"kubeconfig {kubeconfig}, {wanted}: {why}; give --kubeconfig and --context"
