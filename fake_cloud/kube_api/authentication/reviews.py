"""TokenReview and SelfSubjectReview: whose a token is, and who one is oneself.

Source: pkg/registry/authentication of k8s.io/kubernetes.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.authentication.authenticator import Authenticator
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import bad_request
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.system_fields import now


class TokenReviews:
    """Answers bodies that are decoded already."""

    def __init__(self, authenticator: Authenticator):
        self._authenticator = authenticator

    def answer(self, request: Request, target: Target, body: Body) -> Body:  # noqa: ARG002
        """Raises a 400 `StatusError`."""
        spec = body["spec"]
        if not spec.get("token"):
            raise bad_request("token is required for TokenReview in authentication")
        found = self._authenticator.review(spec["token"], spec.get("audiences") or ())
        status: dict[str, Any] = {"user": {}}
        if isinstance(found, str):
            status["error"] = found
        else:
            status |= {
                "authenticated": True,
                "user": found.user.info(),
                "audiences": list(found.audiences),
            }
        return {**body, "status": status}


def self_subject_review(request: Request, target: Target, body: Body) -> Body:  # noqa: ARG001
    """Who asks."""
    return {
        "kind": body["kind"],
        "apiVersion": body["apiVersion"],
        "metadata": {"creationTimestamp": now()},
        "status": {"userInfo": request.user.info()},
    }
