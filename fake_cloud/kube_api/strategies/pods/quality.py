"""The quality-of-service class of a pod.

Source: pkg/apis/core/v1/helper/qos/qos.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.types.quantity import number

Body = dict[str, Any]

COUNTED = ("cpu", "memory")


def quality_of_service(spec: Body) -> str:
    """Guaranteed, Burstable or BestEffort."""
    if "resources" in spec:
        return _class_of(spec["resources"])
    containers = [*spec.get("initContainers", []), *(spec.get("containers") or ())]
    classes = {_class_of(container.get("resources", {})) for container in containers}
    return classes.pop() if len(classes) == 1 else "Burstable" if classes else "BestEffort"


def _class_of(resources: Body) -> str:
    """That of one container: all its resources are alike, or it is in between."""
    classes = {_class_of_one(resources, name) for name in COUNTED}
    return classes.pop() if len(classes) == 1 else "Burstable"


def _class_of_one(resources: Body, name: str) -> str:
    request = number(resources.get("requests", {}).get(name, "0"))
    limit = number(resources.get("limits", {}).get(name, "0"))
    if request != limit:
        return "Burstable"
    return "Guaranteed" if limit else "BestEffort"
