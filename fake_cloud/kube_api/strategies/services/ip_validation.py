"""Cluster IPs and families of a Service: forms, pairs, and what may change.

Follows ValidateServiceClusterIPsRelatedFields and validateUpgradeDowngrade* of
pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from fake_cloud.kube_api.status_errors import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.services.ranges import family_of
from fake_cloud.kube_api.strategies.services.types import headless, needs_cluster_ip

Body = dict[str, Any]
IPS, FAMILIES, POLICY = "spec.clusterIPs", "spec.ipFamilies", "spec.ipFamilyPolicy"
POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")
BAD_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
ONCE = "may not change once set"


def ip_problems(ip: str) -> list[str]:
    try:
        ipaddress.ip_address(ip)
    except ValueError:
        return [BAD_IP]
    return []


def cluster_ip_errors(spec: Body) -> list[FieldError]:
    if not needs_cluster_ip(spec):
        return []
    errors = _linked_errors(spec) + _family_errors(spec)
    ips: list[str] = spec.get("clusterIPs", [])
    malformed = _form_errors(ips)
    if len(ips) > 2:
        errors.append(invalid_value(IPS, ips, "may only hold up to 2 values"))
    if malformed:
        return errors + malformed
    if len(ips) > 1 and sorted(family_of(ip) for ip in ips) != ["IPv4", "IPv6"]:
        why = "may specify no more than one IP for each IP family"
        errors.append(invalid_value(IPS, ips, why))
    if not headless(spec):
        errors += [
            invalid_value(
                f"{IPS}[{index}]",
                ip,
                f"expected an {family} value as indicated by `ipFamilies[{index}]`",
            )
            for index, (ip, family) in enumerate(zip(ips, spec.get("ipFamilies", []), strict=False))
            if family in ("IPv4", "IPv6") and family_of(ip) != family
        ]
    return errors


def _linked_errors(spec: Body) -> list[FieldError]:
    ip, ips = spec.get("clusterIP", ""), spec.get("clusterIPs", [])
    if ip and not ips:
        return [required(IPS)]
    if ip and ips[0] != ip:
        return [invalid_value(IPS, ips, "first value must match `clusterIP`")]
    if ips and not ip:
        return [invalid_value(IPS, ips, "must be empty when `clusterIP` is not specified")]
    return []


def _family_errors(spec: Body) -> list[FieldError]:
    errors: list[FieldError] = []
    families = spec.get("ipFamilies", [])
    for index, family in enumerate(families):
        if family not in ("IPv4", "IPv6"):
            errors.append(not_supported(f"{FAMILIES}[{index}]", family, ("IPv4", "IPv6")))
        if family in families[:index]:
            errors.append(duplicate(f"{FAMILIES}[{index}]", family))
    policy = spec.get("ipFamilyPolicy")
    if policy is not None and policy not in POLICIES:
        errors.append(not_supported(POLICY, policy, POLICIES))
    return errors


def _form_errors(ips: list[str]) -> list[FieldError]:
    errors = []
    for index, ip in enumerate(ips):
        if index == 0 and ip == "None":
            if len(ips) > 1:
                why = "'None' must be the first and only value"
                errors.append(invalid_value(IPS, ips, why))
            continue
        errors += [invalid_value(f"{IPS}[{index}]", ip, problem) for problem in ip_problems(ip)]
    return errors


def change_errors(spec: Body, old: Body) -> list[FieldError]:
    """Which changes of addresses and families are not allowed."""
    if not needs_cluster_ip(spec) or not needs_cluster_ip(old):
        return []
    errors: list[FieldError] = []
    if not (headless(spec) and headless(old)):
        errors += _change(spec, old, "clusterIPs", "clusterIP")
    if not headless(spec) and not headless(old):
        errors += _change(spec, old, "ipFamilies", "ipFamily")
    return errors


def _change(spec: Body, old: Body, field: str, word: str) -> list[FieldError]:
    before, after = old.get(field, []), spec.get(field, [])
    path = f"spec.{field}"
    if len(before) == len(after):
        return [
            invalid_value(f"{path}[{index if field == 'clusterIPs' else 0}]", after, ONCE)
            for index, value in enumerate(before)
            if value != after[index]
        ]
    errors = []
    if len(before) > len(after) and not after:
        errors.append(invalid_value(f"{path}[0]", after, f"primary {word} can not be unset"))
    if before and after and before[0] != after[0]:
        errors.append(invalid_value(f"{path}[0]", spec.get("clusterIPs", []), ONCE))
    policy = spec.get("ipFamilyPolicy")
    if len(before) > len(after) == 1 and policy != "SingleStack":
        why = f"must be set to 'SingleStack' when releasing the secondary {word}"
        errors.append(invalid_value(POLICY, policy, why))
    return errors
