"""How kube-apiserver shows its own Go structs in messages, above all what changed in them.

Source: k8s.io/apimachinery/pkg/util/diff, and the internal types in pkg/apis/core/types.go, which
have no JSON names.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Any

from fake_cloud.kube_api.types.schema import Field, ListOf, MapOf, Struct

NAMES = {
    "awsElasticBlockStore": "AWSElasticBlockStore",
    "cephfs": "CephFS",
    "chapAuthDiscovery": "DiscoveryCHAPAuth",
    "chapAuthSession": "SessionCHAPAuth",
    "csi": "CSI",
    "datasetUUID": "DatasetUUID",
    "diskURI": "DataDiskURI",
    "apiGroup": "APIGroup",
    "fc": "FC",
    "fsType": "FSType",
    "gcePersistentDisk": "GCEPersistentDisk",
    "image": "RBDImage",
    "iqn": "IQN",
    "iscsi": "ISCSI",
    "iscsiInterface": "ISCSIInterface",
    "keyring": "Keyring",
    "monitors": "CephMonitors",
    "nfs": "NFS",
    "pdID": "PdID",
    "pdName": "PDName",
    "pool": "RBDPool",
    "rbd": "RBD",
    "sslEnabled": "SSLEnabled",
    "storageos": "StorageOS",
    "targetWWNs": "TargetWWNs",
    "user": "RadosUser",
    "wwids": "WWIDs",
}
"""Go names that are not the JSON name with a capital letter."""

AS_JSON = ("v1.LabelSelector", "v1.Time")
"""Types that the internal ones share with the versioned ones."""


def struct_diff(struct: Struct, old: Any, new: Any, left_out: Iterable[str] = ()) -> str:
    """A unified diff with three lines around each change, without file names."""
    skipped = frozenset(left_out)
    before, after = (_lines(_struct(struct, value, skipped)) for value in (old, new))
    diff = difflib.unified_diff(before, after, n=3)
    return "".join(list(diff)[2:])


def go_form(struct: Struct, value: Any) -> Any:
    """A value as an error message shows it that holds an internal struct."""
    return None if value is None else _struct(struct, value)


def _lines(value: Any) -> list[str]:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return [f"{line}\n" for line in text.split("\n")]


def _struct(struct: Struct, value: Any, skipped: frozenset[str] = frozenset()) -> Any:
    return {
        NAMES.get(name, name[:1].upper() + name[1:]): _field(field, value.get(name))
        for name, field in struct.fields.items()
        if name not in skipped
    }


def _field(field: Field, value: Any) -> Any:
    """Pointers, slices and maps are null when empty; other fields have their zero."""
    schema = field.schema
    if value is None:
        if field.empty == "keep" or isinstance(schema, ListOf | MapOf):
            return None
        if isinstance(schema, Struct):
            return _struct(schema, {})
        return {"string": "", "bool": False}.get(schema.go, 0)
    return _value(schema, value)


def _value(schema: Any, value: Any) -> Any:
    if isinstance(schema, ListOf):
        return [_value(schema.item, item) for item in value]
    if isinstance(schema, MapOf):
        return {key: _value(schema.item, value[key]) for key in sorted(value)}
    if isinstance(schema, Struct) and schema.go not in AS_JSON:
        return _struct(schema, value)
    return value
