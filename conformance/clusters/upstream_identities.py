"""As whom the requests of the subject reach the API server: by the bearer token that they show."""

from __future__ import annotations

import hmac
import secrets
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from conformance.clusters.certificates import Credential
from conformance.clusters.loopback_port import LOOPBACK


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where the API server is, and whose connection it is.

    `certified`: the client certificate says who asks, so that the bearer token is not passed on.
    """

    host: str
    port: int
    tls: ssl.SSLContext
    certified: bool = True


class Identities:
    """Tokens of ours stand for client certificates; all others are the API server's matter.

    So a subject can use what a TokenRequest gave it.
    """

    def __init__(self, server: str, authority: Path) -> None:
        url = urlsplit(server)
        self._host, self._port = url.hostname or LOOPBACK, url.port or 443
        self._authority = authority
        self._admitted: dict[str, Upstream] = {}
        self._others = self._upstream(ssl.create_default_context(cafile=authority), certified=False)

    def admit(self, credential: Credential) -> str:
        """A new token, whose bearer comes with this certificate."""
        tls = ssl.create_default_context(cafile=self._authority)
        tls.load_cert_chain(credential.certificate, credential.key)
        token = secrets.token_urlsafe(32)
        self._admitted[token] = self._upstream(tls, certified=True)
        return token

    def of(self, authorization: str) -> Upstream:
        """For the value of an `Authorization` header, empty without one."""
        for token, upstream in tuple(self._admitted.items()):
            if hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
                return upstream
        return self._others

    def _upstream(self, tls: ssl.SSLContext, *, certified: bool) -> Upstream:
        return Upstream(self._host, self._port, tls, certified)
