"""Conditions that the server itself sets in the status of pods.

Source: UpdatePodCondition in pkg/api/pod/util.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.system_fields import now

Body = dict[str, Any]


def set_condition(status: Body, wanted: Body) -> None:
    """Add or change one; its transition time is that of the last change of `status`."""
    conditions = status.setdefault("conditions", [])
    known = next((c for c in conditions if c["type"] == wanted["type"]), None)
    same = known is not None and known["status"] == wanted["status"]
    since = known.get("lastTransitionTime") if known is not None and same else now()
    condition = {"type": "", "status": "", "lastProbeTime": None, "lastTransitionTime": since}
    if known is None:
        conditions.append(condition | wanted)
    else:
        known.clear()
        known.update(condition | wanted)


def is_ready(status: Body) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions", []))


def keep_observed_generations(status: Body, old: Body) -> None:
    """A client that does not know `observedGeneration` does not clear it."""
    if not status.get("observedGeneration") and old.get("observedGeneration"):
        status["observedGeneration"] = old["observedGeneration"]
    before: dict[str, list[int]] = {}
    for condition in old.get("conditions", []):
        before.setdefault(condition["type"], []).append(condition.get("observedGeneration", 0))
    for condition in status.get("conditions", []):
        known = before.get(condition["type"])
        seen = known.pop(0) if known else 0
        if seen and not condition.get("observedGeneration"):
            condition["observedGeneration"] = seen
