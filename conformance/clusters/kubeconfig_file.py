"""Kubeconfig files: written for clusters that the run made, cut down for those of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from conformance.clusters.certificates import Credential
from conformance.contracts.clusters import ClusterParts
from conformance.errors import ClusterUnreachable

CONTEXT = "conformance"
"""The one context of every kubeconfig that we write."""

PATHS = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
"""Fields of clusters and users that name files relative to the kubeconfig."""

SECRETS = ("token", "password", "client-key-data")
"""Fields of users that open doors."""


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


def keep_secret(path: Path, parts: ClusterParts) -> None:
    """Have the credentials of our kubeconfig masked wherever they turn up."""
    for entry in _read(path)["users"]:
        for field in SECRETS:
            if value := entry["user"].get(field):
                parts.secret(value)


def context_names(path: Path) -> list[str]:
    """The contexts in a kubeconfig. Raises `ClusterUnreachable` when it is none."""
    return [entry["name"] for entry in _read(path)["contexts"]]


def isolate_context(path: Path, context: str, target: Path) -> None:
    """Write a kubeconfig with this context alone, for programs that take the current one.

    Paths relative to the old file stay valid. Raises `ClusterUnreachable`.
    """
    content = _read(path)
    chosen = _named(path, content, "contexts", context)
    cluster = _named(path, content, "clusters", chosen["context"]["cluster"])
    user = _named(path, content, "users", chosen["context"]["user"])
    for section in (cluster["cluster"], user["user"]):
        _resolve_paths(section, path.absolute().parent)
    content |= {"clusters": [cluster], "users": [user], "contexts": [chosen]}
    target.touch(mode=0o600)
    target.write_text(yaml.safe_dump(content | {"current-context": context}), encoding="utf-8")


def _read(path: Path) -> dict[str, Any]:
    """A kubeconfig with its three lists, each entry with a name."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        lists = [content[key] or [] for key in ("contexts", "clusters", "users")]
        if all(isinstance(entry["name"], str) for entries in lists for entry in entries):
            return dict(content)
        why = "an entry has no name"
    except OSError as error:
        why = error.strerror or str(error)
    except (ValueError, LookupError, TypeError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
    raise ClusterUnreachable(f"kubeconfig {path}: expected a kubeconfig, saw: {why}")


def _named(path: Path, content: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    found = next((entry for entry in content[kind] if entry["name"] == name), None)
    if found is None:
        known = ", ".join(entry["name"] for entry in content[kind]) or "none"
        raise ClusterUnreachable(
            f"kubeconfig {path}: no {name!r} among its {kind}; there are: {known}"
        )
    return dict(found)


def _resolve_paths(section: dict[str, Any], folder: Path) -> None:
    """As client-go does (tools/clientcmd/loader.go): commands only if they hold a slash."""
    for key in PATHS:
        if section.get(key):
            section[key] = str(folder / section[key])
    plugin = section.get("exec") or {}
    if "/" in plugin.get("command", ""):
        plugin["command"] = str(folder / plugin["command"])
