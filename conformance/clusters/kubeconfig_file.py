"""Writes the kubeconfig files of clusters that the run made."""

from __future__ import annotations

from pathlib import Path

import yaml

from conformance.clusters.certificates import Credential

CONTEXT = "conformance"
"""The one context of every kubeconfig that we write."""


def write_kubeconfig(path: Path, server: str, authority: Path, user: Credential | str) -> Path:
    """A kubeconfig for `user`: a client certificate, or a bearer token. Only its owner reads it."""
    if isinstance(user, Credential):
        files = {"client-certificate": str(user.certificate), "client-key": str(user.key)}
    else:
        files = {"token": user}
    cluster = {"server": server, "certificate-authority": str(authority)}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CONTEXT,
        "clusters": [{"name": CONTEXT, "cluster": cluster}],
        "users": [{"name": CONTEXT, "user": files}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": CONTEXT}}],
    }
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path
