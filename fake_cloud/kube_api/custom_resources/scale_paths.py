"""Where the numbers of `/scale` stand in a custom resource.

Follows k8s.io/apiextensions-apiserver/pkg/registry/customresource/{validator,etcd}.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.status_errors import FieldError, invalid_value
from fake_cloud.kube_api.types.schema import GO_TYPES

LARGEST = 2**31 - 1


def value_at(body: Any, path: str) -> Any:
    """What stands at a simple JSON path such as `.spec.replicas`; None where nothing does."""
    for name in path.removeprefix(".").split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(name)
    return body


def set_value_at(body: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.removeprefix(".").split(".")
    for name in parents:
        body = body.setdefault(name, {})
    body[last] = value


def scale_errors(
    body: dict[str, Any], scale: Mapping[str, str] | None, *, of_spec: bool = True
) -> list[FieldError]:
    """Of the counts and the selector that `/scale` shows."""
    if scale is None:
        return []
    errors = _count_errors(body, scale["specReplicasPath"]) if of_spec else []
    errors += _count_errors(body, scale["statusReplicasPath"])
    selector = scale.get("labelSelectorPath")
    found = value_at(body, selector) if selector else None
    if selector and found is not None and not isinstance(found, str):
        errors.append(invalid_value(selector, "", wrong_type(selector, found, "string")))
    return errors


def _count_errors(body: dict[str, Any], path: str) -> list[FieldError]:
    found = value_at(body, path)
    if found is None:
        return []
    if type(found) is not int:
        return [invalid_value(path, 0, wrong_type(path, found, "int64"))]
    if found < 0:
        return [invalid_value(path, found, "should be a non-negative integer")]
    if found > LARGEST:
        return [invalid_value(path, found, f"should be less than or equal to {LARGEST}")]
    return []


def wrong_type(path: str, value: Any, wanted: str) -> str:
    seen = GO_TYPES[type(value)]
    return f"{path} accessor error: {value} is of the type {seen}, expected {wanted}"
