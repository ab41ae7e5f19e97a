"""Validation of Services.

Follows validateService and its neighbours in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from fake_cloud.kube_api.metadata import label_errors
from fake_cloud.kube_api.names import qualified_name_problems, subdomain_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.services.ip_validation import (
    change_errors,
    cluster_ip_errors,
    ip_problems,
)
from fake_cloud.kube_api.strategies.services.ports import (
    numbers_errors,
    port_errors,
    port_number_problems,
)
from fake_cloud.kube_api.strategies.services.types import (
    externally_accessible,
    headless,
    needs_health_check_port,
)

Body = dict[str, Any]
TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
BAD_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
LB_ONLY = "may only be used when `type` is 'LoadBalancer'"
SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"


def service_errors(body: Body) -> list[FieldError]:
    spec = body["spec"]
    return [
        *_type_errors(spec),
        *port_errors(spec),
        *(label_errors(spec["selector"], "spec.selector") if "selector" in spec else []),
        *_affinity_errors(spec),
        *cluster_ip_errors(spec),
        *_external_ip_errors(spec),
        *_known_type_errors(spec),
        *numbers_errors(spec),
        *_source_range_errors(body),
        *_load_balancer_errors(spec),
        *_external_traffic_errors(spec),
        *_internal_traffic_errors(spec),
    ]


def service_update_errors(spec: Body, old: Body) -> list[FieldError]:
    errors = change_errors(spec, old)
    both = spec.get("type") == old.get("type") == "LoadBalancer"
    if both and spec.get("loadBalancerClass") != old.get("loadBalancerClass"):
        given = spec.get("loadBalancerClass")
        errors.append(invalid_value("spec.loadBalancerClass", given, "may not change once set"))
    errors += _class_errors(spec)
    checked = needs_health_check_port(spec) and needs_health_check_port(old)
    if checked and spec.get("healthCheckNodePort") != old.get("healthCheckNodePort"):
        errors.append(forbidden_field("spec.healthCheckNodePort", "field is immutable"))
    return errors


def _type_errors(spec: Body) -> list[FieldError]:
    kind, errors = spec.get("type"), []
    if not spec.get("ports") and not headless(spec) and kind != "ExternalName":
        errors.append(required("spec.ports"))
    if kind in ("LoadBalancer", "NodePort") and headless(spec):
        why = f"may not be set to 'None' for {kind} services"
        errors.append(invalid_value("spec.clusterIPs[0]", "None", why))
    if kind == "ExternalName":
        errors += [
            forbidden_field(f"spec.{field}", "may not be set for ExternalName services")
            for field in ("clusterIPs", "ipFamilies", "ipFamilyPolicy")
            if spec.get(field)
        ]
        name = spec.get("externalName", "").removesuffix(".")
        path = "spec.externalName"
        errors += (
            [invalid_value(path, name, problem) for problem in subdomain_problems(name)]
            if name
            else [required(path)]
        )
    return errors


def _affinity_errors(spec: Body) -> list[FieldError]:
    affinity, path = spec.get("sessionAffinity"), "spec.sessionAffinityConfig"
    if affinity not in ("ClientIP", "None"):
        return [not_supported("spec.sessionAffinity", affinity, ("ClientIP", "None"))]
    config = spec.get("sessionAffinityConfig")
    if affinity == "None":
        why = "must not be set when session affinity is None"
        return [forbidden_field(path, why)] if config is not None else []
    seconds = ((config or {}).get("clientIP") or {}).get("timeoutSeconds")
    if seconds is None:
        why = "when session affinity type is ClientIP"
        return [required(f"{path}.clientIP.timeoutSeconds", why)]
    if not 0 < seconds <= 86400:
        why = "must be greater than 0 and less than 86400"
        return [invalid_value(f"{path}.clientIP.timeoutSeconds", seconds, why)]
    return []


def _external_ip_errors(spec: Body) -> list[FieldError]:
    errors = []
    for index, ip in enumerate(spec.get("externalIPs", [])):
        path = f"spec.externalIPs[{index}]"
        problems = ip_problems(ip) or _special_ip_problems(ip)
        errors += [invalid_value(path, ip, problem) for problem in problems]
    return errors


def _special_ip_problems(ip: str) -> list[str]:
    address = ipaddress.ip_address(ip)
    checks = (
        (address.is_unspecified, "may not be unspecified"),
        (address.is_loopback, "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
        (address.is_link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
        (
            address.is_multicast,
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
        ),
    )
    return [f"{text} ({ip})" if "unspec" in text else text for bad, text in checks if bad]


def _known_type_errors(spec: Body) -> list[FieldError]:
    kind = spec.get("type", "")
    return [] if kind in TYPES else [not_supported("spec.type", kind, TYPES)]


def _source_range_errors(body: Body) -> list[FieldError]:
    spec, path = body["spec"], "spec.LoadBalancerSourceRanges"
    ranges = spec.get("loadBalancerSourceRanges", [])
    places = [f"{path}[{index}]" for index in range(len(ranges))]
    annotations = body["metadata"].get("annotations", {})
    if not ranges and SOURCE_RANGES in annotations:
        path = f"metadata.annotations[{SOURCE_RANGES}]"
        text = annotations[SOURCE_RANGES].strip()
        ranges = text.split(",") if text else []
        places = [path] * len(ranges)
    elif not ranges:
        return []
    errors = [forbidden_field(path, LB_ONLY)] if spec.get("type") != "LoadBalancer" else []
    return errors + [
        invalid_value(place, cidr.strip(), BAD_CIDR)
        for place, cidr in zip(places, ranges, strict=True)
        if not _is_cidr(cidr.strip())
    ]


def _is_cidr(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def _load_balancer_errors(spec: Body) -> list[FieldError]:
    balanced, errors = spec.get("type") == "LoadBalancer", []
    if "allocateLoadBalancerNodePorts" in spec and not balanced:
        errors.append(forbidden_field("spec.allocateLoadBalancerNodePorts", LB_ONLY))
    return errors + _class_errors(spec)


def _class_errors(spec: Body) -> list[FieldError]:
    """Looked for in the change, and again in the new object."""
    name, path = spec.get("loadBalancerClass"), "spec.loadBalancerClass"
    if name is None:
        return []
    if spec.get("type") != "LoadBalancer":
        return [forbidden_field(path, LB_ONLY)]
    return [invalid_value(path, name, problem) for problem in qualified_name_problems(name)]


def _external_traffic_errors(spec: Body) -> list[FieldError]:
    path, policy = "spec.externalTrafficPolicy", spec.get("externalTrafficPolicy")
    errors = []
    if not externally_accessible(spec):
        if policy:
            why = "may only be set for externally-accessible services"
            errors.append(invalid_value(path, policy, why))
    elif not policy:
        errors.append(required(path))
    elif policy not in ("Cluster", "Local"):
        errors.append(not_supported(path, policy, ("Cluster", "Local")))
    return errors + _health_check_errors(spec)


def _health_check_errors(spec: Body) -> list[FieldError]:
    path, port = "spec.healthCheckNodePort", spec.get("healthCheckNodePort", 0)
    if needs_health_check_port(spec):
        if not port:
            return [required(path)]
        return [invalid_value(path, port, problem) for problem in port_number_problems(port)]
    why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
    return [invalid_value(path, port, why)] if port else []


def _internal_traffic_errors(spec: Body) -> list[FieldError]:
    path, policy = "spec.internalTrafficPolicy", spec.get("internalTrafficPolicy")
    errors = []
    if policy is None and spec.get("type") in ("ClusterIP", "NodePort", "LoadBalancer"):
        errors.append(required(path))
    if policy is not None and policy not in ("Cluster", "Local"):
        errors.append(not_supported(path, policy, ("Cluster", "Local")))
    spread = spec.get("trafficDistribution")
    if spread is not None and spread not in DISTRIBUTIONS:
        errors.append(not_supported("spec.trafficDistribution", spread, DISTRIBUTIONS))
    return errors


def ingress_errors(status: Body, spec: Body) -> list[FieldError]:
    """ValidateLoadBalancerStatus."""
    path = "status.loadBalancer.ingress"
    points = status.get("loadBalancer", {}).get("ingress", [])
    if points and spec.get("type") != "LoadBalancer":
        return [forbidden_field(path, "may only be used when `spec.type` is 'LoadBalancer'")]
    errors: list[FieldError] = []
    for index, point in enumerate(points):
        errors += _ingress_point_errors(f"{path}[{index}]", point)
    return errors


def _ingress_point_errors(path: str, point: Body) -> list[FieldError]:
    ip, mode, host = point.get("ip", ""), point.get("ipMode"), point.get("hostname", "")
    errors = [invalid_value(f"{path}.ip", ip, p) for p in (ip_problems(ip) if ip else [])]
    if mode is None:
        if ip:
            errors.append(required(f"{path}.ipMode", "must be specified when `ip` is set"))
    elif not ip:
        why = "may not be specified when `ip` is not set"
        errors.append(forbidden_field(f"{path}.ipMode", why))
    elif mode not in ("Proxy", "VIP"):
        errors.append(not_supported(f"{path}.ipMode", mode, ("Proxy", "VIP")))
    if host:
        errors += [invalid_value(f"{path}.hostname", host, p) for p in subdomain_problems(host)]
        if not ip_problems(host):
            why = "must be a DNS name, not an IP address"
            errors.append(invalid_value(f"{path}.hostname", host, why))
    return errors
