"""What is wrong with a workload: a selector that does not fit, a template that makes no pods.

Source: pkg/apis/apps/validation/validation.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.label_selector import is_usable, matches
from fake_cloud.kube_api.metadata import label_errors
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.pods.validation import pod_spec_errors
from fake_cloud.kube_api.strategies.selector_validation import label_selector_errors

Body = dict[str, Any]

NOT_MATCHED = "`selector` does not match template `labels`"
MANAGEMENT = ("OrderedReady", "Parallel")


def deployment_errors(spec: Body) -> list[FieldError]:
    errors = selector_errors(spec, "deployment") + template_errors(spec, "ReplicaSet")
    errors += _strategy_errors(spec["strategy"])
    errors += not_negative(spec, "minReadySeconds", "revisionHistoryLimit")
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None and deadline <= spec.get("minReadySeconds", 0):
        why = "must be greater than minReadySeconds"
        errors.append(invalid_value("spec.progressDeadlineSeconds", deadline, why))
    return errors


def stateful_set_errors(spec: Body) -> list[FieldError]:
    errors = []
    management = spec.get("podManagementPolicy")
    if management not in MANAGEMENT:
        why = "must be 'OrderedReady' or 'Parallel'"
        errors.append(invalid_value("spec.podManagementPolicy", management, why))
    return errors + controller_errors(spec, "statefulset", "StatefulSet")


def controller_errors(spec: Body, kind: str, shown: str) -> list[FieldError]:
    """Kinds whose template stands for itself."""
    errors = selector_errors(spec, kind) + template_errors(spec, shown)
    return errors + not_negative(spec, "minReadySeconds", "revisionHistoryLimit")


def selector_errors(spec: Body, kind: str) -> list[FieldError]:
    errors, selector = not_negative(spec, "replicas"), spec.get("selector")
    if selector is None:
        return [*errors, required("spec.selector")]
    errors += label_selector_errors(selector, "spec.selector")
    if not selector:
        why = f"empty selector is invalid for {kind}"
        errors.append(invalid_value("spec.selector", selector, why))
    return errors


def template_errors(spec: Body, kind: str) -> list[FieldError]:
    """The template has the selected labels and is a good pod that is restarted."""
    selector = spec.get("selector")
    if selector is not None and not is_usable(selector):
        return [invalid_value("spec.selector", selector, "invalid label selector")]
    template, path, errors = spec["template"], "spec.template", []
    labels = template["metadata"].get("labels")
    if not matches(selector, labels or {}):
        errors.append(invalid_value(f"{path}.metadata.labels", labels, NOT_MATCHED))
    errors += label_errors(labels or {}, f"{path}.labels")
    errors += pod_spec_errors(template["spec"], f"{path}.spec")
    policy = template["spec"].get("restartPolicy", "")
    if policy != "Always":
        errors.append(not_supported(f"{path}.spec.restartPolicy", policy, ("Always",)))
    if "activeDeadlineSeconds" in template["spec"]:
        why = f"activeDeadlineSeconds in {kind} is not Supported"
        errors.append(forbidden_field(f"{path}.spec.activeDeadlineSeconds", why))
    return errors


def not_negative(spec: Body, *fields: str) -> list[FieldError]:
    why = "must be greater than or equal to 0"
    return [
        invalid_value(f"spec.{field}", spec[field], why)
        for field in fields
        if spec.get(field, 0) < 0
    ]


def _strategy_errors(strategy: Body) -> list[FieldError]:
    kind, path = strategy.get("type"), "spec.strategy"
    if kind == "Recreate" and strategy.get("rollingUpdate") is not None:
        why = "may not be specified when strategy `type` is 'Recreate'"
        return [forbidden_field(f"{path}.rollingUpdate", why)]
    if kind not in ("Recreate", "RollingUpdate"):
        shown = {"Type": kind, "RollingUpdate": strategy.get("rollingUpdate")}
        return [not_supported(path, shown, ("Recreate", "RollingUpdate"))]
    rolling = strategy.get("rollingUpdate") or {}
    if kind == "RollingUpdate" and not any(
        str(rolling.get(field, 0)).rstrip("%") != "0" for field in ("maxUnavailable", "maxSurge")
    ):
        why = "may not be 0 when `maxSurge` is 0"
        value = rolling.get("maxUnavailable", 0)
        return [invalid_value(f"{path}.rollingUpdate.maxUnavailable", value, why)]
    return []
