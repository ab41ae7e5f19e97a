"""What others need to verify service account tokens: OpenID configuration and public keys.

Source: pkg/routes/openidmetadata.go and pkg/serviceaccount/openidmetadata.go of k8s.io/kubernetes.
"""

from __future__ import annotations

from fake_cloud.kube_api.authentication.service_account_tokens import (
    ISSUER,
    ServiceAccountTokens,
)
from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.store import encode

CONFIGURATION, KEYS = "/.well-known/openid-configuration", "/openid/v1/jwks"
KEYS_TYPE = "application/jwk-set+json"


class IssuerDocuments:
    """The key is made when somebody asks."""

    def __init__(self, tokens: ServiceAccountTokens):
        self._tokens = tokens

    def reply(self, request: Request) -> Reply | None:
        """None for other requests."""
        if request.path not in (KEYS, CONFIGURATION) or request.method not in ("GET", "HEAD"):
            return None
        if request.path == KEYS:
            return Reply(200, {"Content-Type": KEYS_TYPE}, encode(self._tokens.key.key_set()))
        document = {
            "issuer": ISSUER,
            "jwks_uri": f"{ISSUER}{KEYS}",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }
        return Reply(200, {"Content-Type": JSON}, encode(document))
