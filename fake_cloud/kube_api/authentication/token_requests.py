"""`serviceaccounts/{name}/token`: a TokenRequest is answered with a token.

Source: pkg/registry/core/serviceaccount/storage/token.go of k8s.io/kubernetes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.authentication.service_account_tokens import (
    AUDIENCES,
    ServiceAccountTokens,
)
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    bad_request,
    conflict,
    invalid,
    invalid_value,
    not_found,
)
from fake_cloud.kube_api.store import Entry, Store, decode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.system_fields import now

ABOUT = About("authentication.k8s.io", "tokenrequests", "TokenRequest")
DEFAULT_SECONDS = 3600
"""Source: pkg/apis/authentication/v1/defaults.go."""

SHORTEST, LONGEST = 600, 1 << 32
"""Source: pkg/apis/authentication/validation."""

BINDABLE = {"Pod": "pods", "Node": "nodes", "Secret": "secrets"}


class TokenRequests:
    """Answers bodies that are decoded already."""

    def __init__(self, store: Store, tokens: ServiceAccountTokens):
        self._store, self._tokens = store, tokens

    def answer(self, request: Request, target: Target, body: Body) -> Body:  # noqa: ARG002
        """Raises `StatusError`: 400, 404, 409, 422."""
        metadata, spec = body["metadata"], body["spec"]
        if metadata.get("name", target.name) != target.name:
            why = "must match the service account name if specified"
            raise invalid(
                ABOUT, target.name, [invalid_value("metadata.name", metadata["name"], why)]
            )
        account = decode(self._entry("serviceaccounts", target.namespace, target.name).data)
        own = account["metadata"]
        _check_uid(metadata, own)
        spec["audiences"] = spec.get("audiences") or list(AUDIENCES)
        if errors := _errors(spec["expirationSeconds"]):
            raise invalid(ABOUT, "", errors)
        bound = self._bound(target, spec["boundObjectRef"]) if spec.get("boundObjectRef") else {}
        created, seconds = time.time(), spec["expirationSeconds"]
        spec.setdefault("boundObjectRef", None)
        body["metadata"] = {
            "name": own["name"],
            "namespace": own["namespace"],
            "uid": own["uid"],
            "creationTimestamp": now(),
            "managedFields": metadata.get("managedFields", []),
        }
        token = self._tokens.issue(own, spec["audiences"], seconds, bound)
        body["status"] = {"token": token, "expirationTimestamp": _utc(created + seconds)}
        return body

    def _bound(self, target: Target, reference: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """The claims about the object that the token ends with."""
        group, _, version = reference.get("apiVersion", "").rpartition("/")
        kind, name = reference.get("kind", ""), reference.get("name", "")
        if group or kind not in BINDABLE:
            shown = f"{group}/{version}, Kind={kind}"
            raise bad_request(f"cannot bind token to object of type {shown}")
        namespace = "" if kind == "Node" else target.namespace
        entry = self._entry(BINDABLE[kind], namespace, name)
        claims = {kind.lower(): {"name": name, "uid": entry.uid}}
        if kind == "Pod":
            claims |= self._of_pod(decode(entry.data), target.name)
        if reference.get("uid", entry.uid) != entry.uid:
            raise conflict(
                About("", kind, kind),
                name,
                f"the UID in the bound object reference ({reference['uid']}) does not match the "
                "UID in record. The object might have been deleted and then recreated",
            )
        return claims

    def _of_pod(self, pod: Body, account: str) -> dict[str, dict[str, str]]:
        """Where it runs. The pod must run under this account."""
        if pod["spec"].get("serviceAccountName", "") != account:
            raise bad_request(
                f'cannot bind token for serviceaccount "{account}" to pod running with different '
                "serviceaccount name."
            )
        name = pod["spec"].get("nodeName")
        if not name:
            return {}
        node = self._store.collection("", "nodes").items.get(("", name))
        return {"node": {"name": name, **({"uid": node.uid} if node else {})}}

    def _entry(self, plural: str, namespace: str, name: str) -> Entry:
        entry = self._store.collection("", plural).items.get((namespace, name))
        if entry is None:
            raise not_found(About("", plural, ""), name)
        return entry


def _check_uid(given: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    uid = given.get("uid", own["uid"])
    if uid != own["uid"]:
        raise conflict(
            About(ABOUT.group, ABOUT.kind, ABOUT.kind),
            own["name"],
            f"the UID in the token request ({uid}) does not match the UID of the service account "
            f"({own['uid']})",
        )


def _errors(seconds: int) -> list[FieldError]:
    if seconds < SHORTEST:
        why = "may not specify a duration less than 10 minutes"
    elif seconds > LONGEST:
        why = "may not specify a duration larger than 2^32 seconds"
    else:
        return []
    return [invalid_value("spec.expirationSeconds", seconds, why)]


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
