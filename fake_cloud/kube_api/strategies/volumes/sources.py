"""Sources of volumes, in pods and in persistent volumes: defaults and what they need.

Source: `+default` markers in k8s.io/api/core/v1/types.go, SetDefaults_HostPathVolumeSource,
validate*VolumeSource in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.names import subdomain_problems
from fake_cloud.kube_api.status_errors import FieldError, invalid_value, not_supported, required

Body = dict[str, Any]

DEFAULTS: dict[str, Body] = {
    "azureDisk": {
        "cachingMode": "ReadWrite",
        "fsType": "ext4",
        "readOnly": False,
        "kind": "Shared",
    },
    "hostPath": {"type": ""},
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}
NEEDED: dict[str, tuple[str, ...]] = {
    "awsElasticBlockStore": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "azureFile": ("secretName", "shareName"),
    "cinder": ("volumeID",),
    "configMap": ("name",),
    "gcePersistentDisk": ("pdName",),
    "hostPath": ("path",),
    "image": ("reference",),
    "local": ("path",),
    "nfs": ("server", "path"),
    "persistentVolumeClaim": ("claimName",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "secret": ("secretName",),
    "vsphereVolume": ("volumePath",),
}
"""Fields without which a source says nothing."""

DISKS = {
    True: (
        "/subscriptions/",
        "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/"
        "{disk-id}",
    ),
    False: (
        "https://",
        "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd",
    ),
}
"""How URIs of managed disks and of blobs begin, and what they look like."""

LONGEST_DRIVER = 63


def default_sources(body: Body) -> None:
    """Of a volume of a pod, or of the spec of a persistent volume."""
    for source, values in DEFAULTS.items():
        if source in body:
            for field, value in values.items():
                body[source].setdefault(field, value)


def source_errors(name: str, source: Body, path: str) -> list[FieldError]:
    """Of one source; `path` is that of the source."""
    errors = [
        required(f"{path}.{field}") for field in NEEDED.get(name, ()) if not source.get(field)
    ]
    if not 0 <= source.get("partition", 0) <= 255:
        why = "must be between 1 and 255, inclusive"
        errors.append(invalid_value(f"{path}.partition", source["partition"], why))
    if name == "azureDisk":
        errors += _disk_errors(source, f"{path}.diskURI")
    if name == "csi":
        errors += driver_name_errors(source.get("driver", ""), f"{path}.driver")
    return errors


def _disk_errors(disk: Body, path: str) -> list[FieldError]:
    uri, managed = disk.get("diskURI", ""), disk.get("kind") == "Managed"
    start, form = DISKS[managed]
    return [] if uri.startswith(start) else [not_supported(path, uri, (form,))]


def driver_name_errors(name: str, path: str) -> list[FieldError]:
    """Names of CSI drivers are those of subdomains, in any case: ValidateCSIDriverName."""
    if not name:
        return [required(path)]
    errors = []
    if len(name) > LONGEST_DRIVER:
        text = f"Too long: may not be more than {LONGEST_DRIVER} bytes"
        errors.append(FieldError(path, "FieldValueTooLong", text))
    return errors + [invalid_value(path, name, p) for p in subdomain_problems(name.lower())]
