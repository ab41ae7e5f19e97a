"""PodDisruptionBudgets as an eviction asks them.

Source: checkAndDecrement in pkg/registry/core/pod/storage/eviction.go,
k8s.io/component-helpers/apps/poddisruptionbudget.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.status_errors import About, StatusError, forbidden
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.system_fields import now

BUDGETS = About("policy", "poddisruptionbudget", "PodDisruptionBudget")
MOST_DISRUPTED = 2000
"""Evictions that may wait for the disruption controller: MaxDisruptedPodSize."""

RETRY = 10
"""Seconds after which a client may try again while a budget is being worked out."""


def spares_unhealthy(budget: Body) -> bool:
    """Whether a pod that is not ready may go without being counted."""
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    healthy, desired = (budget["status"].get(f, 0) for f in ("currentHealthy", "desiredHealthy"))
    return bool(healthy >= desired > 0)


def check(budget: Body) -> None:
    """Raises a 403 or 429 `StatusError` when the budget does not allow a disruption."""
    name, status = budget["metadata"]["name"], budget["status"]
    if status.get("observedGeneration", 0) < budget["metadata"].get("generation", 0):
        raise _too_many(f"The disruption budget {name} is still being processed by the server.")
    allowed = status.get("disruptionsAllowed", 0)
    start = f"The disruption budget {name} does not allow evicting pods currently"
    if allowed < 0:
        why = "pdb disruptions allowed is negative"
        raise forbidden(BUDGETS, name, why, [_cause(f"{start}: {why}")])
    if len(status.get("disruptedPods", {})) > MOST_DISRUPTED:
        many = "too many {}evictions not confirmed by PDB controller"
        why = f"DisruptedPods map too big - {many.format('')}"
        raise forbidden(BUDGETS, name, why, [_cause(f"{start}: {many.format('pending ')}")])
    if not allowed:
        raise _too_many(_exhausted(budget, start), retry=0)


def _exhausted(budget: Body, start: str) -> str:
    status = budget["status"]
    healthy, desired = (status.get(field, 0) for field in ("currentHealthy", "desiredHealthy"))
    known = [c for c in status.get("conditions", []) if c["type"] == "DisruptionAllowed"]
    told = known and known[0]["status"] == "False" and known[0].get("message")
    if told and known[0].get("reason") == "SyncFailed":
        return f"{start} because it failed sync: {told}"
    if healthy <= desired:
        name = budget["metadata"]["name"]
        return (
            f"The disruption budget {name} needs {desired} healthy pods and has {healthy} currently"
        )
    return f"{start} ({known[0].get('reason', '')}): {told}" if told else start


def spend(budget: Body, pod: str) -> None:
    """Count one disruption, until the disruption controller has seen it."""
    status = budget["status"]
    status["disruptionsAllowed"] -= 1
    status.setdefault("disruptedPods", {})[pod] = now()
    if not status["disruptionsAllowed"]:
        _forbid(status)


def _forbid(status: Body) -> None:
    """The condition that says why nothing is allowed: UpdateDisruptionAllowedCondition."""
    conditions = status.setdefault("conditions", [])
    known = next((c for c in conditions if c["type"] == "DisruptionAllowed"), None)
    if known is None:
        known = {"type": "DisruptionAllowed", "status": ""}
        conditions.append(known)
    if known["status"] != "False":
        known["lastTransitionTime"] = now()
    known |= {"status": "False", "reason": "InsufficientPods", "message": ""}
    if "observedGeneration" in status:
        known["observedGeneration"] = status["observedGeneration"]


def _too_many(cause: str, retry: int = RETRY) -> StatusError:
    details: dict[str, Any] = {"causes": [_cause(cause)]}
    if retry:
        details["retryAfterSeconds"] = retry
    message = "Cannot evict pod as it would violate the pod's disruption budget."
    return StatusError(429, "TooManyRequests", message, details)


def _cause(message: str) -> dict[str, str]:
    return {"reason": "DisruptionBudget", "message": message}
