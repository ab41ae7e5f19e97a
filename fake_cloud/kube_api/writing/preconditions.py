"""What a client may demand of an object before it is changed, and the words when it is not so.

Source: k8s.io/apiserver/pkg/storage/interfaces.go and pkg/registry/rest/delete.go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_cloud.kube_api.requests import about
from fake_cloud.kube_api.status_errors import conflict
from fake_cloud.kube_api.store import Entry, Key
from fake_cloud.kube_api.types.table import ResourceType


def uid_mismatch(resource: ResourceType, key: Key, wanted: str, seen: str) -> str:
    path = "/".join(part for part in ("", "registry", *storage_path(resource), *key) if part)
    return (
        f"StorageError: invalid object, Code: 4, Key: /{path}, ResourceVersion: 0, "
        f"AdditionalErrorMsg: Precondition failed: UID in precondition: {wanted}, "
        f"UID in object meta: {seen}"
    )


def storage_path(resource: ResourceType) -> tuple[str, ...]:
    """Where etcd would keep it: nodes are `minions`, services `services/specs`."""
    special = {"nodes": ("minions",), "services": ("services", "specs")}
    return special.get(resource.plural, (resource.plural,))


def check_preconditions(
    resource: ResourceType, entry: Entry, preconditions: dict[str, Any]
) -> None:
    """Raises 409 when the object is not the one that the client meant."""
    named = replace(about(resource), plural=resource.kind)
    uid, version = preconditions.get("uid"), preconditions.get("resourceVersion")
    if uid is not None and uid != entry.uid:
        why = (
            f"the UID in the precondition ({uid}) does not match the UID in record ({entry.uid}). "
            "The object might have been deleted and then recreated"
        )
        raise conflict(named, entry.key[1], why)
    if version is not None and version != str(entry.version):
        why = (
            f"the ResourceVersion in the precondition ({version}) does not match the "
            f"ResourceVersion in record ({entry.version}). The object might have been modified"
        )
        raise conflict(named, entry.key[1], why)
