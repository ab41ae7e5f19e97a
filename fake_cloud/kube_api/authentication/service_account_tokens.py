"""Tokens of service accounts: what they say, and whether that still holds.

Source: pkg/serviceaccount/{claims,jwt}.go of k8s.io/kubernetes.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fake_cloud.kube_api.authentication.user import CREDENTIAL_ID, User, service_account
from fake_cloud.kube_api.store import Store, decode

if TYPE_CHECKING:
    from fake_cloud.kube_api.authentication.json_web_tokens import TokenKey

ISSUER = "https://kubernetes.default.svc"
"""As the `binaries` backend starts kube-apiserver; also the audience of the API server itself."""

AUDIENCES = (ISSUER,)
LEEWAY = 60.0
"""Seconds by which clocks may differ: go-jose's DefaultLeeway."""

EXTENSION = 365 * 24 * 3600
EXTENDED = 3607
"""Tokens of pods that ask for these seconds live for `EXTENSION`, as a safe way to short ones."""

INVALIDATED = "service account token has been invalidated"
BOUND = {"pod": "pods", "secret": "secrets", "node": "nodes"}
"""Claims that name an object, and the plural of its kind."""

NODE_EXTRA = "authentication.kubernetes.io/node-"
POD_EXTRA = "authentication.kubernetes.io/pod-"

Reference = Mapping[str, str]
"""Name and uid of an object, as claims have it."""


class TokenRefused(Exception):
    """A token that was issued, and does not count here or now."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Whose token it is, and for which of the wanted audiences it counts."""

    user: User
    audiences: tuple[str, ...]


class ServiceAccountTokens:
    """Issues and checks; the key is made when the first token is asked for."""

    def __init__(self, store: Store):
        self._store = store
        self._lock = threading.Lock()
        self._made: TokenKey | None = None

    @property
    def key(self) -> TokenKey:
        from fake_cloud.kube_api.authentication.json_web_tokens import TokenKey  # dear to load

        with self._lock:
            self._made = self._made or TokenKey()
            return self._made

    def issue(
        self,
        account: Mapping[str, str],
        audiences: Sequence[str],
        seconds: int,
        bound: Mapping[str, Reference],
    ) -> str:
        """A token for a service account (its metadata), bound to objects by their claim."""
        now = int(time.time())
        own = {"name": account["name"], "uid": account["uid"]}
        private: dict[str, Any] = {
            "namespace": account["namespace"],
            "serviceaccount": own,
            **bound,
        }
        if "pod" in bound and seconds == EXTENDED and set(audiences) <= set(AUDIENCES):
            private["warnafter"] = now + seconds
            seconds = EXTENSION
        return self.key.sign(
            {
                "aud": list(audiences),
                "exp": now + seconds,
                "iat": now,
                "iss": ISSUER,
                "jti": str(uuid.uuid4()),
                "kubernetes.io": private,
                "nbf": now,
                "sub": service_account(account["namespace"], account["name"]).name,
            }
        )

    def accept(self, token: str, audiences: Sequence[str] = AUDIENCES) -> Accepted | None:
        """None for what this server did not issue. Raises `TokenRefused`."""
        from fake_cloud.kube_api.authentication.json_web_tokens import NotOurToken

        try:
            claims = self.key.verify(token)
        except NotOurToken:
            return None
        common = tuple(audience for audience in claims["aud"] if audience in audiences)
        if not common:
            has, wanted = (_quoted(names) for names in (claims["aud"], audiences))
            raise TokenRefused(
                f"token audiences {has} is invalid for the target audiences {wanted}"
            )
        if claims["exp"] + LEEWAY < time.time():
            raise TokenRefused("service account token has expired")
        private = claims["kubernetes.io"]
        self._check_account(private["namespace"], private["serviceaccount"])
        self._check_bound(private)
        return Accepted(_user(private, claims["jti"]), common)

    def _check_account(self, namespace: str, account: Reference) -> None:
        found = self._uid("serviceaccounts", namespace, account["name"])
        if not found:
            raise TokenRefused(f'serviceaccounts "{account["name"]}" not found')
        if found != account["uid"]:
            wanted = account["uid"]
            raise TokenRefused(f"service account UID ({found}) does not match claim ({wanted})")

    def _check_bound(self, private: Mapping[str, Any]) -> None:
        """The objects that it is bound to are still the same; a pod's node may have gone."""
        for claim, plural in BOUND.items():
            bound = private.get(claim)
            if bound is None or (claim == "node" and "pod" in private):
                continue
            namespace = "" if claim == "node" else private["namespace"]
            found = self._uid(plural, namespace, bound["name"])
            if not found:
                raise TokenRefused(INVALIDATED)
            if found != bound["uid"]:
                raise TokenRefused(
                    f"{claim} UID ({found}) does not match service account {claim} ref claim "
                    f"({bound['uid']})"
                )

    def _uid(self, plural: str, namespace: str, name: str) -> str:
        """Empty for what is not there, or has been going for longer than clocks may differ."""
        entry = self._store.collection("", plural).items.get((namespace, name))
        if entry is None or _long_deleted(decode(entry.data)["metadata"]):
            return ""
        return entry.uid


def _user(private: Mapping[str, Any], token_id: str) -> User:
    account, extra = private["serviceaccount"], {CREDENTIAL_ID: (f"JTI={token_id}",)}
    for claim, prefix in (("node", NODE_EXTRA), ("pod", POD_EXTRA)):
        if bound := private.get(claim):
            extra |= {f"{prefix}{key}": (bound[key],) for key in ("name", "uid") if bound.get(key)}
    return service_account(private["namespace"], account["name"], account["uid"], extra)


def _long_deleted(metadata: Mapping[str, Any]) -> bool:
    deleted = metadata.get("deletionTimestamp", "")
    return bool(deleted) and datetime.fromisoformat(deleted).timestamp() < time.time() - LEEWAY


def _quoted(names: Sequence[str]) -> str:
    return "[" + " ".join(f'"{name}"' for name in names) + "]"
