"""Questions about the type of a Service that decide which of its fields mean anything."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]


def needs_cluster_ip(spec: Body) -> bool:
    return spec.get("type") != "ExternalName"


def has_node_ports(spec: Body) -> bool:
    return spec.get("type") in ("NodePort", "LoadBalancer")


def allocates_node_ports(spec: Body) -> bool:
    return has_node_ports(spec) and spec.get("allocateLoadBalancerNodePorts", True) is not False


def needs_health_check_port(spec: Body) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def externally_accessible(spec: Body) -> bool:
    return has_node_ports(spec) or (
        spec.get("type") == "ClusterIP" and bool(spec.get("externalIPs"))
    )


def headless(spec: Body) -> bool:
    return spec.get("clusterIPs") == ["None"]
