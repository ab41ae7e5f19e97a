"""Secrets: `stringData` is folded into `data`, types ask for keys.

Source: pkg/apis/core/v1/conversion.go, ValidateSecret in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from fake_cloud.kube_api.status_errors import FieldError, invalid_value, required
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.strategies.small_kinds import ConfigMapStrategy

ACCOUNT = "kubernetes.io/service-account.name"
NEEDED_KEYS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}


class SecretStrategy(ConfigMapStrategy):
    """Like a ConfigMap whose values are base64."""

    contents = ("data",)

    def default(self, body: Body) -> None:
        body.setdefault("type", "Opaque")
        plain = body.pop("stringData", None)
        if plain:
            encoded = {key: base64.b64encode(v.encode()).decode() for key, v in plain.items()}
            body["data"] = {**body.get("data", {}), **encoded}

    def validate(self, body: Body) -> list[FieldError]:
        return super().validate(body) + self._type_errors(body)

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        errors = self.immutable_errors(body, old)
        if body["type"] != old["type"]:
            errors.insert(0, invalid_value("type", body["type"], "field is immutable"))
        return errors

    def _type_errors(self, body: Body) -> list[FieldError]:
        kind, data = body["type"], body.get("data", {})
        if kind == "kubernetes.io/service-account-token":
            named = body["metadata"].get("annotations", {}).get(ACCOUNT)
            return [] if named else [required(f"metadata.annotations[{ACCOUNT}]")]
        if kind == "kubernetes.io/basic-auth":
            names = ("username", "password")
            return [] if set(names) & set(data) else [required(f"data[{name}]") for name in names]
        return [required(f"data[{n}]") for n in NEEDED_KEYS.get(kind, ()) if n not in data]

    def fields(self, body: Body) -> Mapping[str, str]:
        return {**super().fields(body), "type": body.get("type", "")}
