"""One keep-alive TLS connection to a Kubernetes API, with as little client as possible."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import yaml

TIMEOUT = 60.0


class KubeConnection:
    """For one thread. Raises RuntimeError for any answer outside 2xx."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        server = urlsplit(cluster["server"])
        context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        if "client-certificate" in user:
            context.load_cert_chain(user["client-certificate"], user["client-key"])
        self._headers = {"Authorization": f"Bearer {user['token']}"} if "token" in user else {}
        self._connection = HTTPSConnection(
            str(server.hostname), server.port, context=context, timeout=TIMEOUT
        )

    def call(self, method: str, path: str, body: object = None, kind: str = "json") -> bytes:
        """The answer's body, read to its end."""
        return self._send(method, path, body, kind).read()

    def stream(self, path: str) -> HTTPResponse:
        """The answer of a watch, to be read line by line."""
        return self._send("GET", path, None, "json")

    def close(self) -> None:
        self._connection.close()

    def _send(self, method: str, path: str, body: object, kind: str) -> HTTPResponse:
        headers = {**self._headers, "Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = f"application/{kind}"
            data = json.dumps(body).encode()
        self._connection.request(method, path, data, headers)
        response = self._connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {response.read()[:300]!r}")
        return response
