"""What the makers of volumes and classes are warned about.

Source: pkg/api/persistentvolume/util.go, pkg/api/storage/util.go, pkg/api/node/util.go.
"""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

LABELS = {
    "beta.kubernetes.io/arch": ("v1.14", "kubernetes.io/arch"),
    "beta.kubernetes.io/os": ("v1.14", "kubernetes.io/os"),
    "failure-domain.beta.kubernetes.io/region": ("v1.17", "topology.kubernetes.io/region"),
    "failure-domain.beta.kubernetes.io/zone": ("v1.17", "topology.kubernetes.io/zone"),
    "beta.kubernetes.io/instance-type": ("v1.17", "node.kubernetes.io/instance-type"),
}
ANNOTATIONS = {
    "volume.beta.kubernetes.io/storage-class": ("v1.8", "storageClassName"),
    "volume.beta.kubernetes.io/mount-options": ("v1.31", "mountOptions"),
}
SOURCES = {
    "cephfs": "v1.28, non-functional in v1.31+",
    "photonPersistentDisk": "v1.11, non-functional in v1.16+",
    "scaleIO": "v1.16, non-functional in v1.22+",
    "storageos": "v1.22, non-functional in v1.25+",
    "glusterfs": "v1.25, non-functional in v1.26+",
    "rbd": "v1.28, non-functional in v1.31+",
}


def volume_warnings(volume: Body) -> list[str]:
    """Of a persistent volume."""
    spec, annotations = volume["spec"], volume["metadata"].get("annotations", {})
    found = [
        f'metadata.annotations[{key}]: deprecated since {since}; use "{field}" attribute instead'
        for key, (since, field) in ANNOTATIONS.items()
        if key in annotations
    ]
    if spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        why = (
            "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use "
            "dynamic provisioning."
        )
        found.append(f"spec.persistentVolumeReclaimPolicy: {why}")
    terms = spec.get("nodeAffinity", {}).get("required", {}).get("nodeSelectorTerms") or []
    for index, term in enumerate(terms):
        place = f"spec.nodeAffinity.required.nodeSelectorTerms[{index}].matchExpressions"
        found += [
            f"{place}[{at}].key: {expression['key']} is {_label_warning(expression['key'])}"
            for at, expression in enumerate(term.get("matchExpressions", []))
            if expression["key"] in LABELS
        ]
    found += [
        f"spec.{name}: deprecated in {text}" for name, text in SOURCES.items() if name in spec
    ]
    return found


def class_warnings(storage_class: Body) -> list[str]:
    """Of a storage class."""
    return [
        f"allowedTopologies[{index}].matchLabelExpressions[{at}].key: "
        f"{_label_warning(expression['key'])}"
        for index, term in enumerate(storage_class.get("allowedTopologies", []))
        for at, expression in enumerate(term.get("matchLabelExpressions", []))
        if expression.get("key") in LABELS
    ]


def _label_warning(label: str) -> str:
    since, successor = LABELS[label]
    return f'deprecated since {since}; use "{successor}" instead'
