"""What is wrong with a pod, or with the template of one.

Source: ValidatePodSpec and neighbours in pkg/apis/core/validation/validation.go, as far as people
get it wrong: names, images, ports, mounts, volumes, resources, policies, tolerations.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.metadata import label_errors
from fake_cloud.kube_api.names import (
    NameRule,
    label_problems,
    label_value_problems,
    qualified_name_problems,
    subdomain_problems,
)
from fake_cloud.kube_api.status_errors import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
)
from fake_cloud.kube_api.strategies.pods.container_validation import (
    containers_errors,
    ephemeral_containers_errors,
    init_containers_errors,
)
from fake_cloud.kube_api.strategies.pods.volume_validation import pod_volume_errors

Body = dict[str, Any]

MAX_INT32 = 2**31 - 1
RESTART_POLICIES = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
NAMES: tuple[tuple[str, NameRule], ...] = (
    ("serviceAccountName", subdomain_problems),
    ("nodeName", subdomain_problems),
)
"""Names that are checked before the deadline, and those after it."""

LATE_NAMES: tuple[tuple[str, NameRule], ...] = (
    ("hostname", label_problems),
    ("subdomain", label_problems),
    ("priorityClassName", subdomain_problems),
    ("runtimeClassName", subdomain_problems),
)


def pod_errors(body: Body) -> list[FieldError]:
    """Of a new pod, and of the result of an update."""
    return pod_spec_errors(body["spec"], "spec")


def pod_create_errors(spec: Body) -> list[FieldError]:
    """What only a new pod may not have."""
    errors = []
    if spec.get("ephemeralContainers"):
        errors.append(forbidden_field("spec.ephemeralContainers", "cannot be set on create"))
    if spec.get("nodeName") and spec.get("schedulingGates"):
        why = "cannot be set until all schedulingGates have been cleared"
        errors.append(forbidden_field("spec.nodeName", why))
    return errors


def pod_spec_errors(spec: Body, path: str) -> list[FieldError]:
    """Of a pod or a template, in the order of the server."""
    volumes, errors = pod_volume_errors(spec.get("volumes", []), f"{path}.volumes")
    names = [container.get("name", "") for container in spec.get("containers") or ()]
    errors += containers_errors(spec.get("containers") or [], volumes, f"{path}.containers")
    errors += init_containers_errors(
        spec.get("initContainers", []), names, volumes, f"{path}.initContainers"
    )
    errors += ephemeral_containers_errors(spec, volumes, f"{path}.ephemeralContainers")
    errors += _policy_errors(spec, path)
    errors += label_errors(spec.get("nodeSelector", {}), f"{path}.nodeSelector")
    errors += _gate_errors(spec.get("schedulingGates", []), f"{path}.schedulingGates")
    errors += _name_errors(spec, path, NAMES)
    errors += _deadline_errors(spec.get("activeDeadlineSeconds"), f"{path}.activeDeadlineSeconds")
    errors += _name_errors(spec, path, LATE_NAMES)
    return errors + toleration_errors(spec.get("tolerations", []), f"{path}.tolerations")


def _policy_errors(spec: Body, path: str) -> list[FieldError]:
    errors = []
    known = (("restartPolicy", RESTART_POLICIES), ("dnsPolicy", DNS_POLICIES))
    for field, choices in known:
        if spec.get(field) not in choices:
            errors.append(not_supported(f"{path}.{field}", spec.get(field, ""), choices))
    return errors


def _name_errors(
    spec: Body, path: str, rules: tuple[tuple[str, NameRule], ...]
) -> list[FieldError]:
    return [
        invalid_value(f"{path}.{field}", spec[field], problem)
        for field, rule in rules
        if spec.get(field)
        for problem in rule(spec[field])
    ]


def _deadline_errors(deadline: int | None, path: str) -> list[FieldError]:
    if deadline is None or 1 <= deadline <= MAX_INT32:
        return []
    return [invalid_value(path, deadline, f"must be between 1 and {MAX_INT32}, inclusive")]


def _gate_errors(gates: list[Body], path: str) -> list[FieldError]:
    errors, seen = [], set()
    for index, gate in enumerate(gates):
        name = gate.get("name", "")
        errors += [
            invalid_value(f"{path}[{index}]", name, p) for p in qualified_name_problems(name)
        ]
        if name in seen:
            errors.append(duplicate(f"{path}[{index}]", name))
        seen.add(name)
    return errors


def toleration_errors(tolerations: list[Body], path: str) -> list[FieldError]:
    errors = []
    for index, toleration in enumerate(tolerations):
        errors += _toleration_errors(toleration, f"{path}[{index}]")
    return errors


def _toleration_errors(toleration: Body, path: str) -> list[FieldError]:
    key, operator = toleration.get("key", ""), toleration.get("operator", "")
    value, effect = toleration.get("value", ""), toleration.get("effect", "")
    errors = []
    if key:
        errors += [invalid_value(f"{path}.key", key, p) for p in qualified_name_problems(key)]
    elif operator != "Exists":
        why = (
            'operator must be Exists when `key` is empty, which means "match all values and all '
            'keys"'
        )
        errors.append(invalid_value(f"{path}.operator", operator, why))
    if "tolerationSeconds" in toleration and effect != "NoExecute":
        why = "effect must be 'NoExecute' when `tolerationSeconds` is set"
        errors.append(invalid_value(f"{path}.effect", effect, why))
    errors += _operator_errors(operator, value, f"{path}.operator")
    if effect and effect not in EFFECTS:
        errors.append(not_supported(f"{path}.effect", effect, EFFECTS))
    return errors


def _operator_errors(operator: str, value: str, path: str) -> list[FieldError]:
    if operator in ("", "Equal"):
        problems = label_value_problems(value)
        return [invalid_value(path, value, ";".join(problems))] if problems else []
    if operator == "Exists":
        why = "value must be empty when `operator` is 'Exists'"
        return [invalid_value(path, value, why)] if value else []
    return [not_supported(path, operator, ("Equal", "Exists"))]
