"""What admission plugins that run by default do to pods.

Source: plugin/pkg/admission/priority, plugin/pkg/admission/defaulttolerationseconds.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.status_errors import About, StatusError, forbidden
from fake_cloud.kube_api.store import Store, decode

Body = dict[str, Any]

PODS = About("", "pods", "Pod")
DEFAULT_POLICY = "PreemptLowerPriority"
TAINTS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
TOLERATED_SECONDS = 300
"""Default of --default-not-ready-toleration-seconds and its kin."""


def add_tolerations(spec: Body) -> None:
    """Pods stay for five minutes on a node that has got lost, unless they say otherwise."""
    given = spec.get("tolerations", [])
    missing = [
        {
            "key": taint,
            "operator": "Exists",
            "effect": "NoExecute",
            "tolerationSeconds": TOLERATED_SECONDS,
        }
        for taint in TAINTS
        if not any(_tolerates(toleration, taint) for toleration in given)
    ]
    if missing:
        spec["tolerations"] = [*given, *missing]


def _tolerates(toleration: Body, taint: str) -> bool:
    key, effect = toleration.get("key", ""), toleration.get("effect", "")
    return key in ("", taint) and effect in ("", "NoExecute")


def set_priority(pod: Body, store: Store) -> None:
    """From the named class, or the default one. Raises a 403 `StatusError`."""
    spec, name = pod["spec"], pod["metadata"].get("name", "")
    found = _priority_class(spec.get("priorityClassName", ""), name, store)
    if found is None:
        priority, policy = 0, DEFAULT_POLICY
    else:
        spec["priorityClassName"] = found["metadata"]["name"]
        priority, policy = found["value"], found.get("preemptionPolicy", DEFAULT_POLICY)
    if spec.get("priority", priority) != priority:
        raise _given(name, "integer value of priority", spec["priority"], priority)
    if spec.get("preemptionPolicy", policy) != policy:
        raise _given(name, "string value of PreemptionPolicy", spec["preemptionPolicy"], policy)
    spec["priority"], spec["preemptionPolicy"] = priority, policy


def _given(pod: str, what: str, given: object, computed: object) -> StatusError:
    why = (
        f"the {what} ({given}) must not be provided in pod spec; priority admission controller "
        f"computed {computed} from the given PriorityClass name"
    )
    return forbidden(PODS, pod, why)


def _priority_class(wanted: str, pod: str, store: Store) -> Body | None:
    """None: no class is named, and none is the default."""
    collection = store.collection("scheduling.k8s.io", "priorityclasses")
    if wanted:
        entry = collection.items.get(("", wanted))
        if entry is None:
            raise forbidden(PODS, pod, f"no PriorityClass with name {wanted} was found")
        return decode(entry.data)
    classes = [decode(entry.data) for entry in collection.entries()]
    return min(
        (c for c in classes if c.get("globalDefault")), key=lambda c: c["value"], default=None
    )
