"""A token counts as long as its account, and what it is bound to, are still the same ones."""

from __future__ import annotations

import time
from typing import Any

import pytest

from conformance.contracts.kubernetes import KubeClient, Resource
from fake_cloud.kube_api.authentication import service_account_tokens
from fake_cloud.kube_api.authentication.authenticator import Authenticator
from fake_cloud.kube_api.authentication.service_account_tokens import (
    ServiceAccountTokens,
    TokenRefused,
)
from fake_cloud.kube_api.server import KubeApi

ACCOUNTS = Resource("", "v1", "serviceaccounts", "ServiceAccount", namespaced=True)
SECRETS = Resource("", "v1", "secrets", "Secret", namespaced=True)


@pytest.fixture
def tokens(api: KubeApi) -> ServiceAccountTokens:
    return ServiceAccountTokens(api._store)  # noqa: SLF001 - the tokens of no other server


@pytest.fixture
def account(kube: KubeClient) -> dict[str, Any]:
    made = kube.create(ACCOUNTS, {"metadata": {"name": "worker"}}, "default")
    return dict(made["metadata"])


def test_its_user_is_the_account(tokens: ServiceAccountTokens, account: dict[str, Any]) -> None:
    accepted = tokens.accept(tokens.issue(account, ["x", service_account_tokens.ISSUER], 600, {}))
    assert accepted is not None
    assert accepted.user.name == "system:serviceaccount:default:worker"
    assert accepted.user.uid == account["uid"]
    assert accepted.user.groups[:2] == ("system:serviceaccounts", "system:serviceaccounts:default")
    assert accepted.audiences == (service_account_tokens.ISSUER,)


def test_an_account_of_the_same_name_is_another_one(
    tokens: ServiceAccountTokens, account: dict[str, Any], kube: KubeClient
) -> None:
    token = tokens.issue(account, service_account_tokens.AUDIENCES, 600, {})
    kube.delete(ACCOUNTS, "worker", "default")
    with pytest.raises(TokenRefused, match='serviceaccounts "worker" not found'):
        tokens.accept(token)
    kube.create(ACCOUNTS, {"metadata": {"name": "worker"}}, "default")
    with pytest.raises(TokenRefused, match="does not match claim"):
        tokens.accept(token)


def test_it_ends_with_the_secret_it_is_bound_to(
    tokens: ServiceAccountTokens, account: dict[str, Any], kube: KubeClient
) -> None:
    secret = kube.create(SECRETS, {"metadata": {"name": "one"}}, "default")["metadata"]
    bound = {"secret": {"name": "one", "uid": secret["uid"]}}
    token = tokens.issue(account, service_account_tokens.AUDIENCES, 600, bound)
    assert tokens.accept(token)
    kube.delete(SECRETS, "one", "default")
    with pytest.raises(TokenRefused, match="has been invalidated"):
        tokens.accept(token)


def test_it_expires(
    tokens: ServiceAccountTokens, account: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tokens.issue(account, service_account_tokens.AUDIENCES, 600, {})
    later = time.time() + 600 + service_account_tokens.LEEWAY + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(TokenRefused, match="has expired"):
        tokens.accept(token)


def test_a_review_says_why_a_token_is_refused(
    tokens: ServiceAccountTokens, account: dict[str, Any]
) -> None:
    token = tokens.issue(account, ["elsewhere"], 600, {})
    assert Authenticator(tokens).review("nonsense", ()) == "invalid bearer token"
    assert Authenticator(tokens).review(token, ()) == (
        '[invalid bearer token, token audiences ["elsewhere"] is invalid for the target audiences '
        '["https://kubernetes.default.svc"]]'
    )
