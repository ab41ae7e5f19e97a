"""Persistent volumes and claims: defaults, sources that stay.

Source: SetDefaults_PersistentVolume and _Claim in pkg/apis/core/v1/defaults.go,
ValidatePersistentVolumeUpdate, plugin/pkg/admission/storage/storageobjectinuseprotection.
"""

from __future__ import annotations

from fake_cloud.kube_api.status_errors import FieldError, forbidden_field
from fake_cloud.kube_api.strategies.generic import Body, Strategy

COMMON = frozenset(
    {
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "nodeAffinity",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
        "volumeMode",
    }
)
"""Fields of a volume's spec that are not its source."""


def _protect(body: Body, finalizer: str) -> None:
    finalizers = body["metadata"].setdefault("finalizers", [])
    if finalizer not in finalizers:
        finalizers.append(finalizer)


class VolumeStrategy(Strategy):
    """Volumes are retained and hold a file system unless they say otherwise."""

    def default(self, body: Body) -> None:
        body["status"].setdefault("phase", "Pending")
        body["spec"].setdefault("persistentVolumeReclaimPolicy", "Retain")
        body["spec"].setdefault("volumeMode", "Filesystem")
        if "hostPath" in body["spec"]:
            body["spec"]["hostPath"].setdefault("type", "")

    def admit(self, body: Body, old: Body | None) -> None:
        if old is None:
            _protect(body, "kubernetes.io/pv-protection")

    def prepare_create(self, body: Body) -> None:
        body["status"] = {"phase": "Pending"}

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        """The real message also shows the difference as Go prints it."""
        new, had = ({k: v for k, v in b["spec"].items() if k not in COMMON} for b in (body, old))
        why = "spec.persistentvolumesource is immutable after creation"
        return [] if new == had else [forbidden_field("spec.persistentvolumesource", why)]


class ClaimStrategy(Strategy):
    """Claims wait for a volume."""

    def default(self, body: Body) -> None:
        body["status"].setdefault("phase", "Pending")
        body["spec"].setdefault("volumeMode", "Filesystem")

    def admit(self, body: Body, old: Body | None) -> None:
        if old is None:
            _protect(body, "kubernetes.io/pvc-protection")

    def prepare_create(self, body: Body) -> None:
        body["status"] = {"phase": "Pending"}
