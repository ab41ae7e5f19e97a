"""Configuration, accounts and who may do what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fake_cloud.kube_api.representations.cells import NONE, Body, age, human, name_of
from fake_cloud.kube_api.representations.rows import Rows


def config_map(body: Body) -> list[Any]:
    count = sum(len(body.get(field) or ()) for field in ("data", "binaryData"))
    return [name_of(body), count, age(body)]


def secret(body: Body) -> list[Any]:
    return [name_of(body), body.get("type", ""), len(body.get("data") or ()), age(body)]


def service_account(body: Body) -> list[Any]:
    return [name_of(body), age(body)]


def binding(body: Body) -> list[Any]:
    role = body.get("roleRef") or {}
    subjects = body.get("subjects") or ()
    accounts = [s for s in subjects if s["kind"] == "ServiceAccount"]
    return [
        name_of(body),
        f"{role.get('kind', '')}/{role.get('name', '')}",
        age(body),
        ", ".join(s["name"] for s in subjects if s["kind"] == "User"),
        ", ".join(s["name"] for s in subjects if s["kind"] == "Group"),
        ", ".join(f"{s.get('namespace', '')}/{s['name']}" for s in accounts),
    ]


def signing_request(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    seconds = spec.get("expirationSeconds")
    return [
        name_of(body),
        age(body),
        spec.get("signerName") or NONE,
        spec.get("username", ""),
        NONE if seconds is None else human(timedelta(seconds=seconds)),
        _signed(body.get("status", {})),
    ]


def _signed(status: Body) -> str:
    seen = {one["type"] for one in status.get("conditions") or ()}
    first = next((kind for kind in ("Denied", "Approved") if kind in seen), "Pending")
    failed = ["Failed"] if "Failed" in seen else []
    issued = ["Issued"] if status.get("certificate") else []
    return ",".join([first, *failed, *issued])


ROWS: Rows = {
    "configmaps": config_map,
    "secrets": secret,
    "serviceaccounts": service_account,
    "rolebindings.rbac.authorization.k8s.io": binding,
    "clusterrolebindings.rbac.authorization.k8s.io": binding,
    "certificatesigningrequests.certificates.k8s.io": signing_request,
}
