"""Which fields of a pod may change, and through which path.

Source: ValidatePodUpdate, ValidatePodStatusUpdate and ValidatePodEphemeralContainersUpdate in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from fake_cloud.kube_api.names import subdomain_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    required,
)
from fake_cloud.kube_api.strategies.pods.validation import MAX_INT32, toleration_errors

Body = dict[str, Any]

IMMUTABLE = "field is immutable"
UPDATABLE = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def pod_update_errors(spec: Body, old: Body) -> list[FieldError]:
    """What an update of the pod itself may not change."""
    errors: list[FieldError] = []
    for part in ("containers", "initContainers"):
        new, had = spec.get(part) or [], old.get(part, [])
        path = f"spec.{part}"
        if len(new) != len(had):
            return [*errors, forbidden_field(path, "pod updates may not add or remove containers")]
        errors += _image_errors(new, path)
    errors += _deadline_errors(spec, old)
    errors += _added_toleration_errors(spec.get("tolerations", []), old.get("tolerations", []))
    errors += _gate_errors(spec.get("schedulingGates", []), old.get("schedulingGates", []))
    gated = bool(old.get("schedulingGates"))
    if gated:
        errors += _selector_errors(spec.get("nodeSelector", {}), old.get("nodeSelector", {}))
    if _settled(spec, gated=gated) != _settled(old, gated=gated) and not _mended(spec, old):
        why = f"pod updates may not change fields other than {UPDATABLE}"
        errors.append(forbidden_field("spec", why))
    return errors


def _image_errors(containers: list[Body], path: str) -> list[FieldError]:
    missing = [
        required(f"{path}[{index}].image")
        for index, container in enumerate(containers)
        if not container.get("image")
    ]
    return missing + padded_image_errors(containers, path)


def padded_image_errors(containers: list[Body], path: str) -> list[FieldError]:
    why = "must not have leading or trailing whitespace"
    return [
        invalid_value(f"{path}[{index}].image", container["image"], why)
        for index, container in enumerate(containers)
        if container.get("image", "") != container.get("image", "").strip()
    ]


def _deadline_errors(spec: Body, old: Body) -> list[FieldError]:
    field, new, had = (
        "spec.activeDeadlineSeconds",
        spec.get("activeDeadlineSeconds"),
        old.get("activeDeadlineSeconds"),
    )
    if new is None:
        why = "must not update from a positive integer to nil value"
        return [] if had is None else [invalid_value(field, None, why)]
    if not 0 <= new <= MAX_INT32:
        return [invalid_value(field, new, f"must be between 0 and {MAX_INT32}, inclusive")]
    if had is not None and had < new:
        return [invalid_value(field, new, "must be less than or equal to previous value")]
    return []


def _added_toleration_errors(new: list[Body], old: list[Body]) -> list[FieldError]:
    def lasting(toleration: Body) -> Body:
        return {k: v for k, v in toleration.items() if k != "tolerationSeconds"}

    kept = [lasting(toleration) for toleration in new]
    if any(lasting(toleration) not in kept for toleration in old):
        why = "existing toleration can not be modified except its tolerationSeconds"
        return [forbidden_field("spec.tolerations", why)]
    return toleration_errors(new, "spec.tolerations")


def _gate_errors(new: list[Body], old: list[Body]) -> list[FieldError]:
    had = {gate["name"] for gate in old}
    return [
        forbidden_field(
            f"spec.schedulingGates[{index}].name",
            f"only deletion is allowed, but found new scheduling gate '{gate['name']}'",
        )
        for index, gate in enumerate(new)
        if gate["name"] not in had
    ]


def _selector_errors(new: dict[str, str], old: dict[str, str]) -> list[FieldError]:
    if any(new.get(key) != value for key, value in old.items()):
        why = "only additions are allowed (no mutations or deletions)"
        return [invalid_value("spec.nodeSelector", new, why)]
    return []


def _settled(spec: Body, *, gated: bool) -> Body:
    """What may not change at all."""
    free = {"activeDeadlineSeconds", "tolerations", "schedulingGates"}
    if gated:
        free |= {"nodeSelector", "affinity"}
    kept = {field: value for field, value in spec.items() if field not in free}
    for part in ("containers", "initContainers"):
        if kept.get(part):
            kept[part] = [{**container, "image": ""} for container in kept[part]]
    return kept


def _mended(spec: Body, old: Body) -> bool:
    """A negative grace period, which old servers took, may become 1."""
    field = "terminationGracePeriodSeconds"
    return (
        (old.get(field) or 0) < 0
        and spec.get(field) == 1
        and _settled({**spec, field: old[field]}, gated=False) == _settled(old, gated=False)
    )


def pod_status_errors(body: Body, old: Body) -> list[FieldError]:
    """What an update of `/status` may not say."""
    errors, status, before = [], body["status"], old["status"]
    nominated = status.get("nominatedNodeName", "")
    if nominated and nominated != before.get("nominatedNodeName"):
        field = "status.nominatedNodeName"
        errors += [invalid_value(field, nominated, p) for p in subdomain_problems(nominated)]
        if old["spec"].get("nodeName"):
            why = "may not be set on pods that are already bound to a node"
            errors.append(forbidden_field(field, why))
    quality = status.get("qosClass", "")
    if quality != before.get("qosClass", ""):
        errors.append(invalid_value("status.qosClass", quality, IMMUTABLE))
    for part in ("containerStatuses", "initContainerStatuses"):
        errors += _revival_errors(status.get(part, []), before.get(part, []), part, old["spec"])
    return errors + _address_errors(status, before)


def _address_errors(status: Body, old: Body) -> list[FieldError]:
    """Addresses are such, at most one of each family."""
    known = {point.get("ip") for point in old.get("podIPs", [])}
    points, errors, families = status.get("podIPs", []), [], []
    for index, point in enumerate(points):
        text = point.get("ip", "")
        try:
            families.append(ipaddress.ip_address(text).version)
        except ValueError:
            if text not in known:
                why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
                errors.append(invalid_value(f"status.podIPs[{index}]", text, why))
    if len(points) > 1 and not errors and sorted(families) != [4, 6]:
        why = "may specify no more than one IP for each IP family"
        errors.append(invalid_value("status.podIPs", points, why))
    return errors


def _revival_errors(new: list[Body], old: list[Body], part: str, spec: Body) -> list[FieldError]:
    """A container that has ended for good does not run again."""
    if spec.get("restartPolicy") == "Always":
        return []
    running = {s["name"] for s in new if "terminated" not in s.get("state", {})}
    errors = []
    for index, status in enumerate(old):
        ended = status.get("state", {}).get("terminated")
        if ended is None or status["name"] not in running:
            continue
        if ended.get("exitCode") and spec.get("restartPolicy") == "OnFailure":
            continue
        why = "may not be transitioned to non-terminated state"
        errors.append(forbidden_field(f"status.{part}[{index}].state", why))
    return errors


def ephemeral_update_errors(spec: Body, old: Body) -> list[FieldError]:
    """Ephemeral containers are only added."""
    field, now = (
        "spec.ephemeralContainers",
        {container["name"]: container for container in spec.get("ephemeralContainers", [])},
    )
    errors = []
    for container in old.get("ephemeralContainers", []):
        name = container["name"]
        if name not in now:
            why = f'existing ephemeral containers "{name}" may not be removed\n'
            errors.append(forbidden_field(field, why))
        elif now[name] != container:
            why = f'existing ephemeral containers "{name}" may not be changed\n'
            errors.append(forbidden_field(field, why))
    return errors
