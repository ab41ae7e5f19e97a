"""Which nodes a volume can be used on.

Source: validateVolumeNodeAffinity, ValidateNodeSelector and validatePvNodeAffinity in
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.names import subdomain_problems
from fake_cloud.kube_api.status_errors import FieldError, invalid_value, required
from fake_cloud.kube_api.strategies.selector_validation import expression_errors, term_errors

Body = dict[str, Any]

RENAMED = {
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
}
"""Labels that may be exchanged for their successors."""


def affinity_errors(affinity: Body, path: str) -> list[FieldError]:
    """Of `spec.nodeAffinity`."""
    if "required" not in affinity:
        return [required(f"{path}.required", "must specify required node constraints")]
    terms = affinity["required"].get("nodeSelectorTerms") or []
    place = f"{path}.required.nodeSelectorTerms"
    if not terms:
        return [required(place, "must have at least one node selector term")]
    return [
        error
        for index, term in enumerate(terms)
        for error in _term_errors(term, f"{place}[{index}]")
    ]


def _term_errors(term: Body, path: str) -> list[FieldError]:
    errors = []
    for index, expression in enumerate(term.get("matchExpressions", [])):
        errors += _expression_errors(expression, f"{path}.matchExpressions[{index}]")
    for index, expression in enumerate(term.get("matchFields", [])):
        place, key = f"{path}.matchFields[{index}]", expression.get("key", "")
        values = expression.get("values", [])
        if len(values) != 1:
            why = (
                "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
            )
            errors.append(required(f"{place}.values", why))
        if key != "metadata.name":
            errors.append(invalid_value(f"{place}.key", key, "not a valid field selector key"))
            continue
        for at, value in enumerate(values):
            errors += [
                invalid_value(f"{place}.values[{at}]", value, p) for p in subdomain_problems(value)
            ]
    return errors


def _expression_errors(expression: Body, path: str) -> list[FieldError]:
    if expression.get("operator") not in ("Gt", "Lt"):
        return expression_errors(expression, path)
    errors = []
    if len(expression.get("values", [])) != 1:
        why = "must be specified single value when `operator` is 'Lt' or 'Gt'"
        errors.append(required(f"{path}.values", why))
    return errors + term_errors(expression, path)


def same_nodes(new: Body | None, old: Body | None) -> bool:
    """It may be set once, and old labels in it may become new ones."""
    return old is None or _renamed(new) == _renamed(old)


def _renamed(affinity: Body | None) -> Any:
    if affinity is None:
        return None
    terms = affinity.get("required", {}).get("nodeSelectorTerms") or []
    return [
        {
            part: [{**e, "key": RENAMED.get(e["key"], e["key"])} for e in expressions]
            for part, expressions in term.items()
        }
        for term in terms
    ]
