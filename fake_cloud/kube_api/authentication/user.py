"""A user as authentication leaves it. Source: k8s.io/apiserver/pkg/authentication/user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

MASTERS = "system:masters"
AUTHENTICATED = "system:authenticated"
UNAUTHENTICATED = "system:unauthenticated"
ANONYMOUS = "system:anonymous"
SERVICE_ACCOUNT = "system:serviceaccount:"
CREDENTIAL_ID = "authentication.kubernetes.io/credential-id"

Extra = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class User:
    """Name, uid, groups (in the order that they were found) and extra values."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Extra = field(default_factory=dict)

    @cached_property
    def may_everything(self) -> bool:
        """Nothing is asked about members of this group, not even RBAC."""
        return MASTERS in self.groups

    def authenticated(self) -> User:
        """With the group of everybody who is known."""
        if AUTHENTICATED in self.groups or UNAUTHENTICATED in self.groups:
            return self
        return replace(self, groups=(*self.groups, AUTHENTICATED))

    def info(self) -> dict[str, Any]:
        """As `UserInfo` of authentication.k8s.io/v1."""
        found = {
            "username": self.name,
            "uid": self.uid,
            "groups": list(self.groups),
            "extra": {key: list(values) for key, values in self.extra.items()},
        }
        return {key: value for key, value in found.items() if value}


NOBODY = User(ANONYMOUS, (UNAUTHENTICATED,))

UNKNOWN = User("")
"""Who shows credentials that nobody issued."""

OWNER = User("conformance", (MASTERS, AUTHENTICATED))
"""We ourselves: the kubeconfig of the administrator, and our client in process."""

SUBJECT = User("conformance:subject", (MASTERS, AUTHENTICATED))
"""The program under judgement, when nobody says as whom it comes."""

SERVER = User("system:apiserver", (MASTERS, AUTHENTICATED))
"""The API server itself, when it writes."""

CONTROLLERS = User("system:kube-controller-manager", (MASTERS, AUTHENTICATED))
"""The controllers beside the server."""


def service_account(namespace: str, name: str, uid: str = "", extra: Extra | None = None) -> User:
    """Source: k8s.io/apiserver/pkg/authentication/serviceaccount."""
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", AUTHENTICATED)
    return User(f"{SERVICE_ACCOUNT}{namespace}:{name}", groups, uid, extra or {})


def service_account_of(user_name: str) -> tuple[str, str] | None:
    """(namespace, name) of a service account's user name."""
    if not user_name.startswith(SERVICE_ACCOUNT):
        return None
    namespace, colon, name = user_name.removeprefix(SERVICE_ACCOUNT).partition(":")
    if not (namespace and colon and name) or ":" in name:
        return None
    return namespace, name
