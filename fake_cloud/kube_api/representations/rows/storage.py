"""Volumes, claims, classes, drivers."""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.representations.cells import (
    NONE,
    UNSET,
    Body,
    access_modes,
    age,
    name_of,
)
from fake_cloud.kube_api.representations.rows import Rows

BETA_CLASS = "volume.beta.kubernetes.io/storage-class"
DEFAULT_CLASSES = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


def persistent_volume(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    claim = spec.get("claimRef")
    return [
        name_of(body),
        (spec.get("capacity") or {}).get("storage", "0"),
        access_modes(spec.get("accessModes")),
        spec.get("persistentVolumeReclaimPolicy", ""),
        _phase(body),
        f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "",
        _class(body),
        spec.get("volumeAttributesClassName") or UNSET,
        body.get("status", {}).get("reason", ""),
        age(body),
        spec.get("volumeMode") or UNSET,
    ]


def _phase(body: Body) -> str:
    if "deletionTimestamp" in body["metadata"]:
        return "Terminating"
    return str(body.get("status", {}).get("phase", ""))


def _class(body: Body) -> str:
    annotations = body["metadata"].get("annotations") or {}
    return str(annotations.get(BETA_CLASS) or body.get("spec", {}).get("storageClassName") or "")


def persistent_volume_claim(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    status: Body = body.get("status", {})
    bound = bool(spec.get("volumeName"))
    return [
        name_of(body),
        _phase(body),
        spec.get("volumeName", ""),
        (status.get("capacity") or {}).get("storage", "0") if bound else "",
        access_modes(status.get("accessModes")) if bound else "",
        _class(body),
        spec.get("volumeAttributesClassName") or UNSET,
        age(body),
        spec.get("volumeMode") or UNSET,
    ]


def storage_class(body: Body) -> list[Any]:
    annotations = body["metadata"].get("annotations") or {}
    default = any(annotations.get(one) == "true" for one in DEFAULT_CLASSES)
    return [
        f"{name_of(body)} (default)" if default else name_of(body),
        body.get("provisioner", ""),
        body.get("reclaimPolicy") or "Delete",
        body.get("volumeBindingMode") or "Immediate",
        body.get("allowVolumeExpansion") or False,
        age(body),
    ]


def volume_attachment(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    return [
        name_of(body),
        spec.get("attacher", ""),
        (spec.get("source") or {}).get("persistentVolumeName") or "",
        spec.get("nodeName", ""),
        body.get("status", {}).get("attached", False),
        age(body),
    ]


def csi_node(body: Body) -> list[Any]:
    return [name_of(body), len(body.get("spec", {}).get("drivers") or ()), age(body)]


def csi_driver(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    tokens = spec.get("tokenRequests")
    return [
        name_of(body),
        spec.get("attachRequired", True),
        spec.get("podInfoOnMount", False),
        spec.get("storageCapacity", False),
        UNSET if tokens is None else ",".join(one.get("audience", "") for one in tokens),
        spec.get("requiresRepublish", False),
        ",".join(spec.get("volumeLifecycleModes") or ()) or NONE,
        age(body),
    ]


def attributes_class(body: Body) -> list[Any]:
    return [name_of(body), body.get("driverName", ""), age(body)]


ROWS: Rows = {
    "persistentvolumes": persistent_volume,
    "persistentvolumeclaims": persistent_volume_claim,
    "storageclasses.storage.k8s.io": storage_class,
    "volumeattachments.storage.k8s.io": volume_attachment,
    "csinodes.storage.k8s.io": csi_node,
    "csidrivers.storage.k8s.io": csi_driver,
    "volumeattributesclasses.storage.k8s.io": attributes_class,
}
