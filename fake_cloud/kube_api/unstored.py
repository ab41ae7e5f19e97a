"""Kinds that are answered and never stored: reviews of access and tokens, requests for tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from fake_cloud.kube_api.authentication.authenticator import Authenticator
from fake_cloud.kube_api.authentication.reviews import TokenReviews, self_subject_review
from fake_cloud.kube_api.authentication.service_account_tokens import ServiceAccountTokens
from fake_cloud.kube_api.authentication.token_requests import DEFAULT_SECONDS, TokenRequests
from fake_cloud.kube_api.authorization.authorizer import Authorizer
from fake_cloud.kube_api.authorization.reviews import AccessReviews
from fake_cloud.kube_api.bodies.reading import dry_run, field_validation, read_object
from fake_cloud.kube_api.handlers import REPLY_HEADERS
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.managed_fields.tracking import Scope, track
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import bad_request
from fake_cloud.kube_api.store import Store, encode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.system_fields import wipe_sent
from fake_cloud.kube_api.types.served import ServedTypes
from fake_cloud.kube_api.types.table import ResourceType
from fake_cloud.kube_api.writing.field_scopes import FieldScopes
from fake_cloud.kube_api.writing.identity import WRONG_NAMESPACE
from fake_cloud.kube_api.writing.write_options import writer_name

AUTHENTICATION, AUTHORIZATION = "authentication.k8s.io", "authorization.k8s.io"
TOKEN = ("", "serviceaccounts", "token")

Answer = Callable[[Request, Target, Body], Body]
"""From the decoded body to the one that the client gets."""


class UnstoredKinds:
    """Decodes a body, and has it answered by those who know."""

    def __init__(
        self,
        store: Store,
        served: ServedTypes,
        scopes: FieldScopes,
        tokens: ServiceAccountTokens,
        authenticator: Authenticator,
        authorizer: Authorizer,
    ):
        self._served, self._scopes = served, scopes
        self._token_request = _token_request(served)
        reviews = AccessReviews(authorizer, int(served.minor.partition(".")[2]))
        self._answers: dict[tuple[str, str, str], Answer] = {
            TOKEN: TokenRequests(store, tokens).answer,
            (AUTHENTICATION, "tokenreviews", ""): TokenReviews(authenticator).answer,
            (AUTHENTICATION, "selfsubjectreviews", ""): self_subject_review,
            (AUTHORIZATION, "selfsubjectaccessreviews", ""): reviews.own,
            (AUTHORIZATION, "subjectaccessreviews", ""): reviews.anybody,
            (AUTHORIZATION, "localsubjectaccessreviews", ""): reviews.local,
            (AUTHORIZATION, "selfsubjectrulesreviews", ""): reviews.rules,
        }

    def has(self, target: Target) -> bool:
        resource = target.resource
        return (resource.group, resource.plural, target.subresource) in self._answers

    def answer(self, request: Request, target: Target) -> Reply:
        """Raises `StatusError`."""
        place = (target.resource.group, target.resource.plural, target.subresource)
        resource = self._token_request if place == TOKEN else target.resource
        validation = field_validation(request, "CreateOptions")
        dry_run(request, "CreateOptions")
        writer = writer_name(request, "CreateOptions")
        body = read_object(request, resource, validation, self._served.now.kinds).body
        body.setdefault("spec", {})
        if place == TOKEN:
            body["spec"].setdefault("expirationSeconds", DEFAULT_SECONDS)
        if body["metadata"].get("namespace", target.namespace) != target.namespace:
            raise bad_request(WRONG_NAMESPACE)
        wipe_sent(body["metadata"])
        track(self._scope(target, resource), {}, body, writer)
        return Reply(201, REPLY_HEADERS, encode(self._answers[place](request, target, body)))

    def _scope(self, target: Target, resource: ResourceType) -> Scope:
        """Go writes a token's `boundObjectRef` as null before anybody binds it."""
        scope = self._scopes.of(replace(target, resource=resource))
        if resource is not self._token_request:
            return scope
        zero = scope.version.zero()
        zero["spec"]["boundObjectRef"] = None
        return replace(scope, version=replace(scope.version, zero=lambda: zero))


def _token_request(served: ServedTypes) -> ResourceType:
    """Nobody serves the kind but service accounts, so that no resource has its type."""
    review = served.now.resources[(AUTHENTICATION, "v1", "tokenreviews")]
    struct = partial(served.table.struct, "authentication.v1.TokenRequest")
    return replace(review, plural="tokenrequests", kind="TokenRequest", load_struct=struct)
