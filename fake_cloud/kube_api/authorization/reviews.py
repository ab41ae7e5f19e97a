"""Access reviews: what somebody may do.

Source: pkg/registry/authorization and pkg/apis/authorization/validation of k8s.io/kubernetes.
"""

from __future__ import annotations

from typing import Any

import msgspec

from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.authorization.attributes import Attributes
from fake_cloud.kube_api.authorization.authorizer import Authorizer, together
from fake_cloud.kube_api.authorization.node import node_of
from fake_cloud.kube_api.authorization.rules import EVERYTHING, Rule
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    bad_request,
    invalid,
    invalid_value,
)
from fake_cloud.kube_api.strategies.generic import Body

ABOUT = About("authorization.k8s.io", "", "")
"""The kind is lost on the way: errors do not name it."""

RESOURCE, OTHER = "resourceAttributes", "nonResourceAttributes"
ONE_OF_BOTH = f"exactly one of {OTHER} or {RESOURCE} must be specified"
NOT_BOTH = f"cannot be specified in combination with {RESOURCE}"
UNION_SINCE = 37
"""From this minor on the two attributes are validated as one union."""


class AccessReviews:
    """Answers bodies that are decoded already. Every method raises 400 and 422 `StatusError`."""

    def __init__(self, authorizer: Authorizer, minor: int):
        self._authorizer, self._minor = authorizer, minor

    def own(self, request: Request, target: Target, body: Body) -> Body:  # noqa: ARG002
        """SelfSubjectAccessReview."""
        self._refuse_errors(self._errors(body, body["metadata"]))
        return self._decided(body, request.user)

    def anybody(self, request: Request, target: Target, body: Body) -> Body:  # noqa: ARG002
        """SubjectAccessReview."""
        spec = body["spec"]
        self._refuse_errors([*self._errors(body, body["metadata"]), *_subject_errors(spec)])
        return self._decided(body, _subject(spec))

    def local(self, request: Request, target: Target, body: Body) -> Body:  # noqa: ARG002
        """LocalSubjectAccessReview."""
        spec, metadata = body["spec"], body["metadata"]
        metadata["namespace"] = target.namespace
        rest = {key: value for key, value in metadata.items() if key != "namespace"}
        errors = [*self._errors(body, rest), *_subject_errors(spec)]
        given = spec.get(RESOURCE)
        if given is not None and given.get("namespace", "") != target.namespace:
            value = given.get("namespace", "")
            field = f"spec.{RESOURCE}.namespace"
            errors.append(invalid_value(field, value, "must match metadata.namespace"))
        if (path := spec.get(OTHER)) is not None:
            why = "disallowed on this kind of request"
            errors.append(invalid_value(f"spec.{OTHER}", _go(path), why))
        self._refuse_errors(errors)
        return self._decided(body, _subject(spec))

    def rules(self, request: Request, target: Target, body: Body) -> Body:  # noqa: ARG002
        """SelfSubjectRulesReview."""
        namespace = body["spec"].get("namespace", "")
        if not namespace:
            raise bad_request("no namespace on request")
        found, errors = self._authorizer.rules_for(request.user, namespace)
        if request.user.may_everything:
            found = [*EVERYTHING, *found]
        incomplete = node_of(request.user) is not None
        if incomplete:
            errors = ["node authorizer does not support user rule resolution", *errors]
        status: dict[str, Any] = {
            "resourceRules": [_shown(rule) for rule in found if rule.resources],
            "nonResourceRules": [_shown(rule) for rule in found if rule.non_resource_urls],
            "incomplete": incomplete,
        }
        if errors:
            status["evaluationError"] = together(errors)
        return {**body, "metadata": {}, "spec": {}, "status": status}

    def _decided(self, body: Body, user: User) -> Body:
        decision = self._authorizer.decide(_attributes(user, body["spec"]))
        status: dict[str, Any] = {"allowed": decision.allowed}
        if decision.reason:
            status["reason"] = decision.reason
        return {**body, "status": status}

    def _refuse_errors(self, errors: list[FieldError]) -> None:
        if errors:
            raise invalid(ABOUT, "", errors)

    def _errors(self, body: Body, metadata: Body) -> list[FieldError]:
        spec = body["spec"]
        other, errors = spec.get(OTHER), []
        if spec.get(RESOURCE) is not None and other is not None:
            union = self._minor >= UNION_SINCE
            field, why = ("spec", ONE_OF_BOTH) if union else (f"spec.{OTHER}", NOT_BOTH)
            errors.append(invalid_value(field, _go(other), why))
        elif spec.get(RESOURCE) is None and other is None:
            field = "spec" if self._minor >= UNION_SINCE else f"spec.{RESOURCE}"
            errors.append(invalid_value(field, None, ONE_OF_BOTH))
        if metadata.keys() - {"managedFields"}:
            errors.append(invalid_value("metadata", metadata, "must be empty"))
        return errors


def _subject_errors(spec: Body) -> list[FieldError]:
    if spec.get("user") or spec.get("groups"):
        return []
    return [invalid_value("spec.user", "", "at least one of user or group must be specified")]


def _subject(spec: Body) -> User:
    extra = {key: tuple(values) for key, values in (spec.get("extra") or {}).items()}
    groups = tuple(spec.get("groups") or ())
    return User(spec.get("user", ""), groups, spec.get("uid", ""), extra)


def _attributes(user: User, spec: Body) -> Attributes:
    given = spec.get(RESOURCE)
    if given is None:
        path = spec[OTHER]
        return Attributes(user, path.get("verb", ""), path=path.get("path", ""))
    selected = (given.get("fieldSelector") or {}).get("requirements") or ()
    nodes = [
        one["values"][0]
        for one in selected
        if one.get("key") == "spec.nodeName" and len(one.get("values") or ()) == 1
    ]
    return Attributes(
        user=user,
        verb=given.get("verb", ""),
        group=given.get("group", ""),
        resource=given.get("resource", ""),
        subresource=given.get("subresource", ""),
        namespace=given.get("namespace", ""),
        name=given.get("name", ""),
        node_name=nodes[0] if nodes else "",
    )


def _go(attributes: Body) -> dict[str, str]:
    """NonResourceAttributes as Go prints the struct."""
    return {"Path": attributes.get("path", ""), "Verb": attributes.get("verb", "")}


def _shown(rule: Rule) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(rule)
    return found
