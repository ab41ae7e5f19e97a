"""IP families of a Service: what is inferred, what contradicts itself.

Follows initIPFamilyFields of pkg/registry/core/service/storage/alloc.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.status_errors import About, FieldError, invalid, invalid_value
from fake_cloud.kube_api.strategies.services.ip_validation import cluster_ip_errors
from fake_cloud.kube_api.strategies.services.ranges import IPV4, IPV6, ServiceRanges, family_of
from fake_cloud.kube_api.strategies.services.types import needs_cluster_ip

Body = dict[str, Any]
SERVICE = About("", "services", "Service")
POLICY = "spec.ipFamilyPolicy"
LISTS = ("clusterIPs", "ipFamilies")


def set_families(ranges: ServiceRanges, name: str, spec: Body, old: Body | None) -> None:
    """Complete `ipFamilyPolicy` and `ipFamilies`. Raises 422 `StatusError`."""
    if not needs_cluster_ip(spec) or _settled_dual_stack(spec, old):
        return
    _infer_policy(spec, old)
    _refuse(name, cluster_ip_errors(spec))
    errors = _reduce(spec, old) if old is not None else []
    errors += _single_stack_errors(spec) + _infer_from_ips(ranges, spec)
    _refuse(name, errors)
    if spec.get("clusterIP") == "None" and not spec.get("selector"):
        _headless_without_selector(ranges, spec)
        return
    _refuse(name, _unavailable(ranges, spec))
    families = spec.setdefault("ipFamilies", [ranges.default_family])
    wants_two = spec["ipFamilyPolicy"] != "SingleStack" and len(families) == 1
    if wants_two and len(ranges.ips) == 2:
        families.append(_other(families[0]))


def _refuse(name: str, errors: list[FieldError]) -> None:
    if errors:
        raise invalid(SERVICE, name, errors)


def _settled_dual_stack(spec: Body, old: Body | None) -> bool:
    """Services that prefer dual stack are left as they are when nothing asks for a change."""
    if old is None or "ipFamilyPolicy" not in spec or old.get("type") != spec.get("type"):
        return False
    if spec["ipFamilyPolicy"] != "PreferDualStack":
        return False
    if old.get("ipFamilyPolicy", "PreferDualStack") != "PreferDualStack":
        return False
    return all(spec.get(field) == old.get(field) for field in ("clusterIP", *LISTS))


def _infer_policy(spec: Body, old: Body | None) -> None:
    if "ipFamilyPolicy" in spec:
        return
    if old is not None and "ipFamilyPolicy" in old:
        spec["ipFamilyPolicy"] = old["ipFamilyPolicy"]
    elif spec.get("clusterIP") == "None" and not spec.get("selector"):
        spec["ipFamilyPolicy"] = "RequireDualStack"
    else:
        spec["ipFamilyPolicy"] = "SingleStack"


def _reduce(spec: Body, old: Body) -> list[FieldError]:
    """Going back to one family, by policy or by shorter lists."""
    if spec["ipFamilyPolicy"] == "SingleStack":
        for field in LISTS:
            if spec.get(field) == old.get(field) and len(spec.get(field, [])) > 1:
                spec[field] = spec[field][:1]
        return []
    texts = {"clusterIPs": "cluster IP", "ipFamilies": "IP family"}
    return [
        invalid_value(
            POLICY,
            spec["ipFamilyPolicy"],
            f"must be 'SingleStack' to release the secondary {texts[field]}",
        )
        for field in LISTS
        if spec.get(field) and len(spec[field]) < len(old.get(field, []))
    ]


def _single_stack_errors(spec: Body) -> list[FieldError]:
    if spec["ipFamilyPolicy"] != "SingleStack":
        return []
    texts = {"clusterIPs": "cluster IPs", "ipFamilies": "IP families"}
    return [
        invalid_value(
            POLICY,
            "SingleStack",
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple "
            f"{texts[field]} are specified",
        )
        for field in LISTS
        if len(spec.get(field, [])) == 2
    ]


def _infer_from_ips(ranges: ServiceRanges, spec: Body) -> list[FieldError]:
    errors = []
    ips = spec.get("clusterIPs", [])
    for index, ip in enumerate([] if ips == ["None"] else ips):
        if index < len(spec.get("ipFamilies", [])):
            continue
        family = family_of(ip)
        if family in ranges.ips:
            spec.setdefault("ipFamilies", []).append(family)
        else:
            why = f"{family} is not configured on this cluster"
            errors.append(invalid_value(f"spec.clusterIPs[{index}]", ips, why))
    return errors


def _headless_without_selector(ranges: ServiceRanges, spec: Body) -> None:
    families = spec.setdefault("ipFamilies", [ranges.default_family])
    if len(families) < 2 and spec["ipFamilyPolicy"] != "SingleStack":
        families.append(_other(families[0]))


def _unavailable(ranges: ServiceRanges, spec: Body) -> list[FieldError]:
    errors = []
    if spec["ipFamilyPolicy"] == "RequireDualStack" and len(ranges.ips) < 2:
        why = "this cluster is not configured for dual-stack services"
        errors.append(invalid_value(POLICY, spec["ipFamilyPolicy"], why))
    errors += [
        invalid_value(f"spec.ipFamilies[{index}]", family, "not configured on this cluster")
        for index, family in enumerate(spec.get("ipFamilies", []))
        if family not in ranges.ips
    ]
    return errors


def _other(family: str) -> str:
    return IPV6 if family == IPV4 else IPV4
