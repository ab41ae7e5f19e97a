"""Any API server that a kubeconfig leads to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import urllib3

from fake_cloud.kube_api.fidelity.servers import PATIENCE, Answer
from fake_cloud.kube_api.http import Request


class HttpServer:
    """The current context of a kubeconfig."""

    poll, patience = 0.1, 60.0

    def __init__(self, kubeconfig: Path) -> None:
        from kubernetes import config  # costs half a second, and replaying does without

        client = config.new_client_from_config(  # type: ignore[no-untyped-call]
            config_file=str(kubeconfig), persist_config=False
        )
        self._url: str = client.configuration.host.rstrip("/")
        self._pool: urllib3.PoolManager = client.rest_client.pool_manager
        settings = client.configuration.auth_settings().values()
        self._credentials = {one["key"]: one["value"] for one in settings if one["in"] == "header"}

    def send(self, request: Request, *, streaming: bool = False) -> Answer:
        response = self._pool.request(
            request.method,
            f"{self._url}{request.path}?{urlencode(request.query)}".rstrip("?"),
            body=request.body or None,
            headers={**request.headers, **self._credentials},
            preload_content=False,
            redirect=False,
            retries=False,
            timeout=PATIENCE,
        )
        # a header that comes twice is one, with commas: `items` would give the last alone
        headers = {name.lower(): response.headers[name] for name in response.headers}
        if streaming and response.status == 200:
            return Answer(response.status, headers, b"", _HttpStream(response))
        return Answer(response.status, headers, response.read())

    def compact(self) -> None:
        return None


class _HttpStream:
    def __init__(self, response: urllib3.BaseHTTPResponse) -> None:
        self._response = response
        self._lines = self._split(response.stream(65536))

    def _split(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        rest = b""
        for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines

    def line(self) -> bytes | None:
        try:
            return next(self._lines, None)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise TimeoutError from error

    def close(self) -> None:
        self._response.close()
