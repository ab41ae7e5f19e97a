"""Conditions of a definition.

Source: k8s.io/apiextensions-apiserver/pkg/apihelpers.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.system_fields import now

Body = dict[str, Any]


def condition(definition: Body, kind: str) -> Body | None:
    conditions = definition["status"].get("conditions") or ()
    return next((found for found in conditions if found["type"] == kind), None)


def is_true(definition: Body, kind: str) -> bool:
    found = condition(definition, kind)
    return found is not None and found["status"] == "True"


def set_condition(definition: Body, kind: str, status: str, reason: str, message: str) -> None:
    """Its time is that of the last change of `status`."""
    known = condition(definition, kind)
    if known is None:
        known = {"type": kind, "status": "", "lastTransitionTime": ""}
        definition["status"]["conditions"] = [
            *(definition["status"].get("conditions") or ()),
            known,
        ]
    if known["status"] != status:
        known.update(status=status, lastTransitionTime=now())
    known.update(reason=reason, message=message)
