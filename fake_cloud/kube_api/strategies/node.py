"""Nodes: status is kept at create, provider id and pod CIDRs are set once.

Source: pkg/registry/core/node/strategy.go, ValidateNode and ValidateNodeUpdate in
pkg/apis/core/validation/validation.go, plugin/pkg/admission/nodetaint/admission.go.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from fake_cloud.kube_api.metadata import VALIDATED_ONCE
from fake_cloud.kube_api.names import label_value_problems, qualified_name_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.generic import Body, Strategy

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
NOT_READY = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
"""Added to every new node by the admission plugin TaintNodesByCondition."""


class NodeStrategy(Strategy):
    """Nodes keep the status that they are created with."""

    keeps_status_on_create = True

    def default(self, body: Body) -> None:
        status = body["status"]
        if "capacity" in status and "allocatable" not in status:
            status["allocatable"] = dict(status["capacity"])
        _link_cidrs(body["spec"])

    def admit(self, body: Body, old: Body | None) -> None:
        if old is None:
            taints = body["spec"].setdefault("taints", [])
            if NOT_READY not in taints:
                taints.append(dict(NOT_READY))

    def prepare_create(self, body: Body) -> None:
        body["spec"].pop("configSource", None)
        body["status"].pop("config", None)

    def prepare_update(self, body: Body, old: Body) -> None:
        body["status"] = old["status"]
        if "configSource" not in old["spec"]:
            body["spec"].pop("configSource", None)

    def validate(self, body: Body) -> list[FieldError]:
        spec = body["spec"]
        errors = taint_errors(spec.get("taints", [])) + quantity_errors(body["status"])
        if "podCIDRs" in spec:
            errors += _cidr_errors(spec["podCIDRs"])
        return errors

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        return _once_set_errors(body["spec"], old["spec"], self.minor)

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:  # noqa: ARG002
        status = body["status"]
        return quantity_errors(status) + _address_errors(status.get("addresses", []))

    def warnings(self, body: Body) -> list[str]:
        checks = (
            ("configSource", "spec.configSource: the feature is removed"),
            (
                "externalID",
                "spec.externalID: this field is deprecated, and is unused by Kubernetes",
            ),
        )
        return [text for field, text in checks if body["spec"].get(field)]

    def fields(self, body: Body) -> Mapping[str, str]:
        unschedulable = "true" if body["spec"].get("unschedulable") else "false"
        return {"metadata.name": body["metadata"]["name"], "spec.unschedulable": unschedulable}


def _link_cidrs(spec: Body) -> None:
    """The singular field is that of old clients, and wins when the two differ."""
    cidr, cidrs = spec.get("podCIDR"), spec.get("podCIDRs", [])
    if cidr and cidrs[:1] != [cidr]:
        spec["podCIDRs"] = [cidr]
    elif cidrs:
        spec["podCIDR"] = cidrs[0]


def quantity_errors(status: Body) -> list[FieldError]:
    """Capacities are not negative."""
    return [
        invalid_value(f"status.{part}.{name}", quantity, "must be greater than or equal to 0")
        for part in ("capacity", "allocatable")
        for name, quantity in status.get(part, {}).items()
        if quantity.startswith("-")
    ]


def taint_errors(taints: list[Body]) -> list[FieldError]:
    errors, seen = [], set()
    for index, taint in enumerate(taints):
        path = f"metadata.taints[{index}]"
        key, effect, value = taint.get("key", ""), taint.get("effect", ""), taint.get("value", "")
        errors += [invalid_value(f"{path}.key", key, p) for p in qualified_name_problems(key)]
        if problems := label_value_problems(value):
            errors.append(invalid_value(f"{path}.value", value, ";".join(problems)))
        if not effect:
            errors.append(required(f"{path}.effect"))
        elif effect not in EFFECTS:
            errors.append(not_supported(f"{path}.effect", effect, EFFECTS))
        if (key, effect) in seen:
            errors.append(_duplicate_taint(path, taint))
        seen.add((key, effect))
    return errors


def _duplicate_taint(path: str, taint: Body) -> FieldError:
    shown = (
        f'{{"Key":"{taint.get("key", "")}","Value":"{taint.get("value", "")}",'
        f'"Effect":"{taint.get("effect", "")}","TimeAdded":null}}'
    )
    why = "taints must be unique by key and effect pair"
    return FieldError(path, "FieldValueDuplicate", f"Duplicate value: {shown}: {why}")


def _cidr_errors(cidrs: list[str]) -> list[FieldError]:
    path, families, errors = "spec.podCIDRs", [], []
    for index, text in enumerate(cidrs):
        try:
            families.append(ipaddress.ip_network(text, strict=False).version)
        except ValueError:
            why = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
            errors.append(invalid_value(f"{path}[{index}]", text, why))
    if len(cidrs) > 1 and not errors and sorted(families) != [4, 6]:
        why = "may specify no more than one CIDR for each IP family"
        errors.append(invalid_value(path, cidrs, why))
    return errors


def _once_set_errors(spec: Body, old: Body, minor: int) -> list[FieldError]:
    errors = []
    before, after = old.get("podCIDRs", []), spec.get("podCIDRs", [])
    if before and before != after:
        why = 'node updates may not change podCIDR except from "" to valid'
        errors.append(forbidden_field("spec.podCIDRs", why))
    had, has = old.get("providerID"), spec.get("providerID")
    if had and has != had and minor < VALIDATED_ONCE:
        why = 'node updates may not change providerID except from "" to valid'
        errors.append(forbidden_field("spec.providerID", why))
    elif had and has != had:
        why = f"field cannot be {'modified' if has else 'cleared'} once set"
        errors.append(invalid_value("spec.providerID", None, why))
    if old.get("externalID") != spec.get("externalID"):
        errors.append(forbidden_field("spec.externalID", "may not be updated"))
    return errors


def _address_errors(addresses: list[Body]) -> list[FieldError]:
    errors, seen = [], set()
    for index, address in enumerate(addresses):
        pair = (address["type"], address["address"])
        if pair in seen:
            shown = f'{{"Type":"{pair[0]}","Address":"{pair[1]}"}}'
            path = f"status.addresses[{index}]"
            errors.append(FieldError(path, "FieldValueDuplicate", f"Duplicate value: {shown}"))
        seen.add(pair)
    return errors
