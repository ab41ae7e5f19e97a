"""LabelSelector objects: whom they match, and how they are written as text.

Source: LabelSelectorAsSelector in k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.selectors import LabelRequirement

OPERATORS = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}


def is_usable(selector: Mapping[str, Any]) -> bool:
    """Whether it can match anything at all."""
    return all(
        expression.get("operator") in OPERATORS
        and (expression["operator"] in ("In", "NotIn")) == bool(expression.get("values"))
        for expression in selector.get("matchExpressions", [])
    )


def matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """No selector matches nothing, an unusable one neither, an empty one everything."""
    if selector is None or not is_usable(selector):
        return False
    return all(requirement.matches(labels) for requirement in _requirements(selector))


def as_text(selector: Mapping[str, Any] | None) -> str:
    """As it stands in the status of a Scale."""
    equal = selector.get("matchLabels", {}) if selector else {}
    parts = {(key, f"{key}={value}") for key, value in equal.items()}
    for expression in (selector or {}).get("matchExpressions", []):
        parts.add((expression["key"], _expression_text(expression)))
    return ",".join(text for _, text in sorted(parts))


def _expression_text(expression: Mapping[str, Any]) -> str:
    key, operator = expression["key"], OPERATORS[expression["operator"]]
    if operator == "exists":
        return str(key)
    if operator == "!":
        return f"!{key}"
    return f"{key} {operator} ({','.join(sorted(expression.get('values', [])))})"


def _requirements(selector: Mapping[str, Any]) -> list[LabelRequirement]:
    equal = [
        LabelRequirement(key, "in", frozenset([value]))
        for key, value in selector.get("matchLabels", {}).items()
    ]
    return equal + [
        LabelRequirement(e["key"], OPERATORS[e["operator"]], frozenset(e.get("values", [])))
        for e in selector.get("matchExpressions", [])
    ]
