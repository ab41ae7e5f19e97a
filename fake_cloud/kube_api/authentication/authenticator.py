"""From a request's credentials to a user.

Source: k8s.io/apiserver/pkg/authentication/request and pkg/endpoints/filters/authentication.go.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from fake_cloud.kube_api.authentication.service_account_tokens import (
    AUDIENCES,
    Accepted,
    ServiceAccountTokens,
    TokenRefused,
)
from fake_cloud.kube_api.authentication.user import NOBODY, User
from fake_cloud.kube_api.status_errors import unauthorized

StaticTokens = Mapping[str, User]
"""Bearer tokens that open one door, by token."""


class Authenticator:
    """Knows client certificates that TLS has verified, static tokens and service accounts'."""

    def __init__(self, tokens: ServiceAccountTokens):
        self._tokens = tokens

    def authenticate(
        self,
        headers: Mapping[str, str],
        certified: User | None = None,
        static: StaticTokens | None = None,
    ) -> User:
        """A certificate goes before a token; without either it is nobody. Raises 401."""
        if certified is not None:
            return certified.authenticated()
        token = bearer_token(headers.get("authorization", ""))
        if not token:
            return NOBODY
        for known, user in (static or {}).items():
            if hmac.compare_digest(token.encode(), known.encode()):
                return user
        try:
            accepted = self._tokens.accept(token)
        except TokenRefused:
            accepted = None
        if accepted is None:
            raise unauthorized()
        return accepted.user

    def review(self, token: str, audiences: Sequence[str]) -> Accepted | str:
        """Whose token it is for these audiences, or why it is nobody's."""
        try:
            accepted = self._tokens.accept(token, audiences or AUDIENCES)
        except TokenRefused as refused:
            return f"[invalid bearer token, {refused}]"
        return "invalid bearer token" if accepted is None else accepted


def bearer_token(authorization: str) -> str:
    """Empty for other schemes, which are no credentials here."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.partition(" ")[0] if scheme.lower() == "bearer" else ""
