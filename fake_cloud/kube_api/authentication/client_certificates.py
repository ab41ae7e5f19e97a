"""The user that a verified client certificate names: CN is the name, each O a group.

Source: k8s.io/apiserver/pkg/authentication/request/x509.
"""

from __future__ import annotations

import hashlib
import ssl
from typing import Any

from fake_cloud.kube_api.authentication.user import CREDENTIAL_ID, User


def certified_user(tls: ssl.SSLObject) -> User | None:
    """None for a peer without a certificate."""
    encoded = tls.getpeercert(binary_form=True)
    if not encoded:
        return None
    found: Any = tls.getpeercert() or {}
    subject = [pair for part in found.get("subject", ()) for pair in part]
    name = next((value for key, value in subject if key == "commonName"), "")
    groups = tuple(value for key, value in subject if key == "organizationName")
    return user_of_certificate(name, groups, encoded)


def user_of_certificate(name: str, groups: tuple[str, ...], encoded: bytes) -> User:
    """The digest of the whole certificate (DER) tells one credential from another."""
    digest = hashlib.sha256(encoded).hexdigest()
    return User(name, groups, extra={CREDENTIAL_ID: (f"X509SHA256={digest}",)})
