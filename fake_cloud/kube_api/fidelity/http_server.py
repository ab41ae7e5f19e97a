"""Any API server that a kubeconfig leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import urllib3

from fake_cloud.kube_api.fidelity.servers import PATIENCE, Answer
from fake_cloud.kube_api.fidelity.steps import Identity
from fake_cloud.kube_api.http import Request

KubeconfigFor = Callable[[str, Sequence[str]], Path]
"""Makes a kubeconfig in which a user in groups has a client certificate."""


@dataclass(frozen=True, slots=True)
class _Connections:
    """Where the server is, and what every request carries."""

    url: str
    pool: urllib3.PoolManager
    credentials: dict[str, str]


class HttpServer:
    """The current context of a kubeconfig; other users come from `kubeconfig_for`."""

    poll, patience = 0.1, 60.0

    def __init__(self, kubeconfig: Path, kubeconfig_for: KubeconfigFor | None = None) -> None:
        self._kubeconfig_for = kubeconfig_for
        self._administrator = _connections(kubeconfig)
        self._others: dict[Identity, _Connections] = {}

    def send(
        self, request: Request, identity: Identity | None = None, *, streaming: bool = False
    ) -> Answer:
        connections = self._connections_of(identity)
        response = connections.pool.request(
            request.method,
            f"{connections.url}{request.path}?{urlencode(request.query)}".rstrip("?"),
            body=request.body or None,
            headers={**request.headers, **connections.credentials},
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

    def _connections_of(self, identity: Identity | None) -> _Connections:
        if identity is None:
            return self._administrator
        found = self._others.get(identity)
        if found is None:
            found = self._others[identity] = self._made(identity)
        return found

    def _made(self, identity: Identity) -> _Connections:
        if identity.user:
            if self._kubeconfig_for is None:
                raise ValueError(f"there is no certificate for {identity.user}")
            return _connections(self._kubeconfig_for(identity.user, identity.groups))
        authority = self._administrator.pool.connection_pool_kw["ca_certs"]
        bearer = {"Authorization": f"Bearer {identity.token}"} if identity.token else {}
        pool = urllib3.PoolManager(ca_certs=authority)
        return _Connections(self._administrator.url, pool, bearer)


def _connections(kubeconfig: Path) -> _Connections:
    from kubernetes import config  # costs half a second, and replaying does without

    client = config.new_client_from_config(  # type: ignore[no-untyped-call]
        config_file=str(kubeconfig), persist_config=False
    )
    settings = client.configuration.auth_settings().values()
    return _Connections(
        url=client.configuration.host.rstrip("/"),
        pool=client.rest_client.pool_manager,
        credentials={one["key"]: one["value"] for one in settings if one["in"] == "header"},
    )


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
