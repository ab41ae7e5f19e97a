"""What the pods on a node use, and with that what the node may read.

Source: plugin/pkg/auth/authorizer/node/graph.go and pkg/api/pod of k8s.io/kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_cloud.kube_api.store import Store, decode

Thing = tuple[str, str, str]
"""(plural, namespace, name)"""

MIRROR = "kubernetes.io/config.mirror"
"""Annotation of pods that a node made itself: they give it no rights."""

REFERENCES = {
    "secret": ("secrets", ("secretName", "name")),
    "secretRef": ("secrets", ("name",)),
    "secretKeyRef": ("secrets", ("name",)),
    "nodePublishSecretRef": ("secrets", ("name",)),
    "azureFile": ("secrets", ("secretName",)),
    "configMap": ("configmaps", ("name",)),
    "configMapRef": ("configmaps", ("name",)),
    "configMapKeyRef": ("configmaps", ("name",)),
    "persistentVolumeClaim": ("persistentvolumeclaims", ("claimName",)),
}
"""Fields of a pod's spec that name something, wherever they stand: its plural, and who says it."""


def used_by_pods_on(store: Store, node: str) -> set[Thing]:
    """Everything that the node may read, apart from its own objects."""
    used: set[Thing] = set()
    for entry in store.collection("", "pods").entries():
        if entry.fields.get("spec.nodeName") == node:
            used.add(("pods", *entry.key))
            used.update(_used_by(decode(entry.data)))
    used.update(_volumes(store, used))
    for entry in store.collection("storage.k8s.io", "volumeattachments").entries():
        if decode(entry.data)["spec"].get("nodeName") == node:
            used.add(("volumeattachments", *entry.key))
    return used


def _used_by(pod: dict[str, Any]) -> Iterator[Thing]:
    metadata, spec = pod["metadata"], pod["spec"]
    namespace = metadata["namespace"]
    if MIRROR in (metadata.get("annotations") or {}):
        return
    if account := spec.get("serviceAccountName"):
        yield "serviceaccounts", namespace, account
    for secret in spec.get("imagePullSecrets") or ():
        yield "secrets", namespace, secret.get("name", "")
    for volume in spec.get("volumes") or ():
        if "ephemeral" in volume:
            yield "persistentvolumeclaims", namespace, f"{metadata['name']}-{volume['name']}"
    for plural, name in _named_in(spec):
        yield plural, namespace, name


def _named_in(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            yield from _named_in(item)
    if not isinstance(value, dict):
        return
    for key, below in value.items():
        plural, fields = REFERENCES.get(key, ("", ()))
        if plural and isinstance(below, dict):
            yield from ((plural, below[field]) for field in fields if below.get(field))
        yield from _named_in(below)


def _volumes(store: Store, used: set[Thing]) -> Iterator[Thing]:
    """Volumes behind claims, and the secrets that these volumes name."""
    for entry in store.collection("", "persistentvolumes").entries():
        spec = decode(entry.data)["spec"]
        claim = spec.get("claimRef") or {}
        bound = ("persistentvolumeclaims", claim.get("namespace", ""), claim.get("name", ""))
        if bound not in used:
            continue
        yield "persistentvolumes", "", entry.key[1]
        for field in ("nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef"):
            if secret := (spec.get("csi") or {}).get(field):
                yield "secrets", secret.get("namespace", ""), secret.get("name", "")
