"""kubectl commands about users, tokens and rights."""

from __future__ import annotations

import pytest

from tests.fake_cloud.kube_api.kubectl.program import Kubectl


@pytest.fixture
def account(kubectl: Kubectl) -> str:
    """The user name of a service account that may get ConfigMaps in its namespace."""
    kubectl("create", "serviceaccount", "one")
    kubectl("create", "role", "reader", "--verb=get", "--resource=configmaps")
    subject = f"--serviceaccount={kubectl.namespace}:one"
    kubectl("create", "rolebinding", "reader", "--role=reader", subject)
    return f"system:serviceaccount:{kubectl.namespace}:one"


def test_one_can_ask_who_one_is(kubectl: Kubectl) -> None:
    assert "system:masters" in kubectl("auth", "whoami")


def test_one_can_ask_what_one_may(kubectl: Kubectl) -> None:
    assert kubectl("auth", "can-i", "create", "pods") == "yes\n"


def test_one_can_ask_for_another(kubectl: Kubectl, account: str) -> None:
    as_account = f"--as={account}"
    assert kubectl("auth", "can-i", "get", "cm/any", as_account) == "yes\n"
    assert "no" in kubectl("auth", "can-i", "delete", "cm/any", as_account, code=1)
    lines = kubectl("auth", "can-i", "--list", as_account).splitlines()
    assert ["configmaps", "[]", "[]", "[get]"] in [line.split() for line in lines]


def test_what_one_may_not_is_forbidden(kubectl: Kubectl, account: str) -> None:
    assert "Forbidden" in kubectl("get", "secrets", f"--as={account}", code=1)


def test_tokens_are_issued_and_taken(kubectl: Kubectl, account: str) -> None:
    token = kubectl("create", "token", "one", "--duration=10m").strip()
    assert account in kubectl(f"--token={token}", "auth", "whoami")
    kubectl("create", "configmap", "one")
    assert "configmap/one" in kubectl(f"--token={token}", "get", "cm", "one", "-o", "name")
    assert "Forbidden" in kubectl(f"--token={token}", "delete", "cm", "one", code=1)


def test_a_token_of_nobody_is_refused(kubectl: Kubectl) -> None:
    assert "Unauthorized" in kubectl("--token=nobody", "get", "nodes", code=1)
