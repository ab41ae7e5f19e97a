"""What is wrong with a LabelSelector.

Source: ValidateLabelSelector in k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.label_selector import OPERATORS
from fake_cloud.kube_api.metadata import label_errors
from fake_cloud.kube_api.names import label_value_problems, qualified_name_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    required,
)

Body = dict[str, Any]


def label_selector_errors(selector: Body | None, path: str) -> list[FieldError]:
    selector = selector or {}
    errors = label_errors(selector.get("matchLabels", {}), f"{path}.matchLabels")
    for index, expression in enumerate(selector.get("matchExpressions", [])):
        errors += expression_errors(expression, f"{path}.matchExpressions[{index}]")
    return errors


def expression_errors(expression: Body, path: str) -> list[FieldError]:
    """Of one that asks for a set of values; also in selectors of nodes."""
    operator, values, errors = expression.get("operator", ""), expression.get("values", []), []
    if operator in ("In", "NotIn"):
        if not values:
            why = "must be specified when `operator` is 'In' or 'NotIn'"
            errors.append(required(f"{path}.values", why))
    elif operator in OPERATORS:
        if values:
            why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            errors.append(forbidden_field(f"{path}.values", why))
    else:
        errors.append(invalid_value(f"{path}.operator", operator, "not a valid selector operator"))
    return errors + term_errors(expression, path)


def term_errors(expression: Body, path: str) -> list[FieldError]:
    """Of key and values, whatever the operator."""
    key, values = expression.get("key", ""), expression.get("values", [])
    errors = [invalid_value(f"{path}.key", key, p) for p in qualified_name_problems(key)]
    for index, value in enumerate(values):
        place = f"{path}.values[{index}]"
        errors += [invalid_value(place, value, p) for p in label_value_problems(value)]
    return errors
