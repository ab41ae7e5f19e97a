"""DeleteOptions: from the body, or else from the query.

Source: k8s.io/apiserver/pkg/endpoints/handlers/delete.go and ValidateDeleteOptions in
k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.bodies.reading import not_registered, parse
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    bad_request,
    invalid,
    invalid_value,
    not_supported,
)
from fake_cloud.kube_api.types.schema import Mismatch, Struct

Options = dict[str, Any]
POLICIES = ("Foreground", "Background", "Orphan")


def delete_options(request: Request, struct: Struct) -> Options:
    """`struct` is that of DeleteOptions.

    Raises a 400 or 422 `StatusError` for what is not or does not fit together.
    """
    options = _from_body(request, struct) if request.body else _from_query(request)
    check_options(options)
    return options


def check_options(options: Options) -> None:
    """Raises a 422 `StatusError` for what does not fit together."""
    if errors := _errors(options):
        raise invalid(About("meta.k8s.io", "", "DeleteOptions"), "", errors)


def _from_body(request: Request, struct: Struct) -> Options:
    found = parse(request, "")
    if not isinstance(found, dict):
        raise bad_request("decoded object cannot be converted to DeleteOptions")
    kind = found.get("kind", "DeleteOptions")
    if kind != "DeleteOptions":
        raise bad_request(not_registered(kind, found.get("apiVersion", "v1")))
    try:
        options: Options = struct.decode(found, [])
    except Mismatch as mismatch:
        raise bad_request(str(mismatch)) from None
    return options


def _from_query(request: Request) -> Options:
    query, options = request.query, Options()
    if "propagationPolicy" in query:
        options["propagationPolicy"] = query["propagationPolicy"]
    if "orphanDependents" in query:
        options["orphanDependents"] = query["orphanDependents"] in ("1", "true")
    if query.get("gracePeriodSeconds", "").lstrip("-").isdigit():
        options["gracePeriodSeconds"] = int(query["gracePeriodSeconds"])
    return options


def _errors(options: Options) -> list[FieldError]:
    policy, field = options.get("propagationPolicy"), "propagationPolicy"
    if policy is None:
        return []
    if options.get("orphanDependents") is not None:
        why = "orphanDependents and deletionPropagation cannot be both set"
        return [invalid_value(field, policy, why)]
    if policy not in POLICIES:
        return [not_supported(field, policy, (*POLICIES, "nil"))]
    return []
