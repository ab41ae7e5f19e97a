"""What a terminating namespace says about its content.

Source: pkg/controller/namespace/deletion/status_condition_utils.go of kubernetes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from fake_cloud.kube_api.system_fields import now

Body = dict[str, Any]

GOOD = {
    "NamespaceDeletionDiscoveryFailure": (
        "ResourcesDiscovered",
        "All resources successfully discovered",
    ),
    "NamespaceDeletionGroupVersionParsingFailure": (
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    "NamespaceDeletionContentFailure": (
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    "NamespaceContentRemaining": ("ContentRemoved", "All content successfully removed"),
    "NamespaceFinalizersRemaining": (
        "ContentHasNoFinalizers",
        "All content-preserving finalizers finished",
    ),
}


def note_content(namespace: Body, left: Iterable[tuple[str, Body]]) -> bool:
    """Write the conditions; whether they changed. `left`: `plural.group` and metadata by object."""
    types: Counter[str] = Counter()
    finalizers: Counter[str] = Counter()
    for kind, metadata in left:
        types[kind] += 1
        finalizers.update(metadata.get("finalizers") or ())
    troubles = {
        "NamespaceContentRemaining": (
            "SomeResourcesRemain",
            f"Some resources are remaining: {_counted(types, '{} has {} resource instances')}",
        ),
        "NamespaceFinalizersRemaining": (
            "SomeFinalizersRemain",
            "Some content in the namespace has finalizers remaining: "
            + _counted(finalizers, "{} in {} resource instances"),
        ),
    }
    bad = {"NamespaceContentRemaining": types, "NamespaceFinalizersRemaining": finalizers}
    said = {kind: troubles[kind] if bad.get(kind) else good for kind, good in GOOD.items()}
    return _write(namespace["status"], said, {kind for kind, found in bad.items() if found})


def _counted(found: Counter[str], form: str) -> str:
    return ", ".join(sorted(form.format(name, count) for name, count in found.items()))


def _write(status: Body, said: dict[str, tuple[str, str]], bad: set[str]) -> bool:
    known = {one["type"]: one for one in status.get("conditions") or ()}
    conditions = []
    for kind, (reason, message) in said.items():
        state = "True" if kind in bad else "False"
        before = known.get(kind, {})
        same = before.get("status") == state
        since = before["lastTransitionTime"] if same else now()
        conditions.append(
            {
                "type": kind,
                "status": state,
                "lastTransitionTime": since,
                "reason": reason,
                "message": message,
            }
        )
    changed = list(known.values()) != conditions
    status["conditions"] = conditions
    return changed
