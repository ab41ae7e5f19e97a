"""Disruption budgets: one bound, a selector that can match, counts that can be.

Source: pkg/apis/policy/validation/validation.go.
"""

from __future__ import annotations

import re
from typing import Any

from fake_cloud.kube_api.names import shape_error
from fake_cloud.kube_api.status_errors import FieldError, invalid_value, not_supported
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.strategies.go_diff import go_form
from fake_cloud.kube_api.strategies.selector_validation import label_selector_errors

NOT_NEGATIVE = "must be greater than or equal to 0"
POLICIES = ("AlwaysAllow", "IfHealthyBudget")
PERCENT = "[0-9]+%"
COUNTS = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")


class BudgetStrategy(Strategy):
    """What a budget allows is written into its status by the disruption controller."""

    has_generation = True
    whole_first = True

    def validate(self, body: Body) -> list[FieldError]:
        spec, errors = body["spec"], []
        if "minAvailable" in spec and "maxUnavailable" in spec:
            struct: Any = self.resource.struct.fields["spec"].schema
            why = "minAvailable and maxUnavailable cannot be both set"
            errors.append(invalid_value("spec", go_form(struct, spec), why))
        for field in ("minAvailable", "maxUnavailable"):
            if field in spec:
                errors += _bound_errors(spec[field], f"spec.{field}")
        policy = spec.get("unhealthyPodEvictionPolicy", POLICIES[0])
        if policy not in POLICIES:
            errors.append(not_supported("spec.unhealthyPodEvictionPolicy", policy, POLICIES))
        return errors + label_selector_errors(spec.get("selector"), "spec.selector")

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:  # noqa: ARG002
        status = body["status"]
        return [
            invalid_value(f"status.{field}", status[field], NOT_NEGATIVE)
            for field in COUNTS
            if status.get(field, 0) < 0
        ]


def _bound_errors(bound: int | str, path: str) -> list[FieldError]:
    if isinstance(bound, int):
        return [invalid_value(path, bound, NOT_NEGATIVE)] if bound < 0 else []
    if not re.fullmatch(PERCENT, bound):
        text = "a valid percent string must be a numeric string followed by an ending '%'"
        return [invalid_value(path, bound, shape_error(text, PERCENT, "1%", "93%"))]
    if int(bound[:-1]) > 100:
        return [invalid_value(path, bound, "must not be greater than 100%")]
    return []
