"""Services: defaults, what a change of type drops, what an update need not repeat.

Source: pkg/registry/core/service/strategy.go and storage/storage.go,
SetDefaults_Service in pkg/apis/core/v1/defaults.go.
"""

from __future__ import annotations

from collections.abc import Mapping

from fake_cloud.kube_api.names import label_1035_problems, label_problems
from fake_cloud.kube_api.status_errors import FieldError
from fake_cloud.kube_api.strategies.generic import Body, Strategy, Undo
from fake_cloud.kube_api.strategies.services.allocation import Allocation, node_ports, release
from fake_cloud.kube_api.strategies.services.ranges import ServiceRanges
from fake_cloud.kube_api.strategies.services.types import (
    allocates_node_ports,
    externally_accessible,
    has_node_ports,
    needs_cluster_ip,
    needs_health_check_port,
)
from fake_cloud.kube_api.strategies.services.validation import (
    ingress_errors,
    service_errors,
    service_update_errors,
)
from fake_cloud.kube_api.strategies.services.warnings import service_warnings
from fake_cloud.kube_api.types.table import ResourceType

AFFINITY_SECONDS = 10800
"""Default of sessionAffinityConfig.clientIP.timeoutSeconds."""


RELAXED_NAMES = 36
"""From this minor on names may start with a digit: feature RelaxedServiceNameValidation."""


EXTERNAL_IPS_DEPRECATED = 36
"""From this minor on externalIPs are warned about."""


PORT_FIELDS = ("name", "protocol", "appProtocol", "port", "targetPort", "nodePort")


class ServiceStrategy(Strategy):
    """The one kind here whose objects take from shared ranges."""

    create_on_update = True
    create_on_status = True
    """A PUT of /status makes what is not there, and allocates nothing: statusStore in storage.go
    shares the strategy without the hooks."""

    def __init__(self, resource: ResourceType, minor: int, ranges: ServiceRanges):
        super().__init__(resource, minor)
        self._ranges = ranges
        self._warns = minor >= EXTERNAL_IPS_DEPRECATED
        relaxed = minor >= RELAXED_NAMES
        self.name_rule = label_problems if relaxed else label_1035_problems

    def default(self, body: Body) -> None:
        spec = body["spec"]
        spec.setdefault("sessionAffinity", "None")
        _default_affinity(spec)
        kind = spec.setdefault("type", "ClusterIP")
        if "ports" in spec:
            spec["ports"] = [_default_port(port) for port in spec["ports"]]
        if externally_accessible(spec):
            spec.setdefault("externalTrafficPolicy", "Cluster")
        if kind in ("NodePort", "LoadBalancer", "ClusterIP"):
            spec.setdefault("internalTrafficPolicy", "Cluster")
        if kind == "LoadBalancer":
            spec.setdefault("allocateLoadBalancerNodePorts", True)
            for point in body["status"].get("loadBalancer", {}).get("ingress", []):
                if point.get("ip"):
                    point.setdefault("ipMode", "VIP")

    def allocate(self, body: Body, old: Body | None) -> Undo:
        spec, before = body["spec"], old["spec"] if old else None
        if before is None:
            if spec.get("clusterIP") and not spec.get("clusterIPs"):
                spec["clusterIPs"] = [spec["clusterIP"]]
        else:
            _keep_allocated(spec, before)
            _link_cluster_ips(spec, before)
            _drop_what_the_type_has_not(spec, before)
        allocation = Allocation(self._ranges, body["metadata"].get("name", ""))
        allocation.run(spec, before)
        return allocation.undo

    def release(self, old: Body, body: Body | None) -> None:
        release(self._ranges, old["spec"], body["spec"] if body else None)

    def prepare_create(self, body: Body) -> None:
        super().prepare_create(body)
        _drop_internal_policy(body["spec"])

    def prepare_update(self, body: Body, old: Body) -> None:
        _drop_internal_policy(body["spec"])
        body["status"] = old["status"]
        if body["spec"]["type"] != "LoadBalancer":
            body["status"]["loadBalancer"] = {}

    def validate(self, body: Body) -> list[FieldError]:
        return service_errors(body)

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        return service_update_errors(body["spec"], old["spec"])

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:  # noqa: ARG002
        return ingress_errors(body["status"], body["spec"])

    def warnings(self, body: Body) -> list[str]:
        return service_warnings(body["spec"], deprecated=self._warns)

    def fields(self, body: Body) -> Mapping[str, str]:
        spec = body["spec"]
        return {
            **super().fields(body),
            "spec.clusterIP": spec.get("clusterIP", ""),
            "spec.type": spec.get("type", ""),
        }


def _default_port(port: Body) -> Body:
    """With its fields in the order of the Go struct, in which errors show them."""
    port.setdefault("protocol", "TCP")
    if port.get("targetPort") in (None, 0, ""):
        port["targetPort"] = port["port"]
    return {name: port[name] for name in PORT_FIELDS if name in port}


def _drop_internal_policy(spec: Body) -> None:
    """External names are read without it: defaultOnReadInternalTrafficPolicy."""
    if not needs_cluster_ip(spec):
        spec.pop("internalTrafficPolicy", None)


def _default_affinity(spec: Body) -> None:
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        config = spec.get("sessionAffinityConfig") or {}
        if (config.get("clientIP") or {}).get("timeoutSeconds") is None:
            spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": AFFINITY_SECONDS}}


def _keep_allocated(spec: Body, old: Body) -> None:
    """patchAllocatedValues: a client need not repeat what the server chose."""
    if needs_cluster_ip(old) and needs_cluster_ip(spec):
        for field in ("clusterIP", "clusterIPs"):
            if not spec.get(field) and old.get(field):
                spec[field] = old[field]
    if allocates_node_ports(old) and allocates_node_ports(spec):
        used = node_ports(old) & node_ports(spec)
        named = {port.get("name", ""): port.get("nodePort", 0) for port in old.get("ports", [])}
        for port in spec.get("ports", []):
            known = named.get(port.get("name", ""), 0)
            if not port.get("nodePort") and known and known not in used:
                port["nodePort"] = known
    checked = needs_health_check_port(old) and needs_health_check_port(spec)
    if checked and not spec.get("healthCheckNodePort") and old.get("healthCheckNodePort"):
        spec["healthCheckNodePort"] = old["healthCheckNodePort"]


def _link_cluster_ips(spec: Body, old: Body) -> None:
    """normalizeClusterIPs: old clients know only the singular field."""
    if spec.get("clusterIP") == old.get("clusterIP"):
        if old.get("clusterIPs") and not spec.get("clusterIPs"):
            spec["clusterIPs"] = old["clusterIPs"]
    elif spec.get("clusterIPs") == old.get("clusterIPs"):
        if spec.get("clusterIP"):
            spec["clusterIPs"] = [spec["clusterIP"]]
        else:
            spec.pop("clusterIPs", None)


def _drop_what_the_type_has_not(spec: Body, old: Body) -> None:
    """dropTypeDependentFields: only what the client left unchanged."""
    if needs_cluster_ip(old) and not needs_cluster_ip(spec):
        if all(spec.get(field) == old.get(field) for field in ("clusterIP", "clusterIPs")):
            spec.pop("clusterIP", None)
            spec.pop("clusterIPs", None)
        _drop_unchanged(spec, old, "ipFamilies", "ipFamilyPolicy")
    if has_node_ports(old) and not has_node_ports(spec) and node_ports(spec) <= node_ports(old):
        for port in spec.get("ports", []):
            port.pop("nodePort", None)
    if needs_health_check_port(old) and not needs_health_check_port(spec):
        _drop_unchanged(spec, old, "healthCheckNodePort")
    if old.get("type") == "LoadBalancer" and spec.get("type") != "LoadBalancer":
        _drop_unchanged(spec, old, "allocateLoadBalancerNodePorts", "loadBalancerClass")
    if externally_accessible(old) and not externally_accessible(spec):
        _drop_unchanged(spec, old, "externalTrafficPolicy")


def _drop_unchanged(spec: Body, old: Body, *fields: str) -> None:
    for field in fields:
        if spec.get(field) == old.get(field):
            spec.pop(field, None)
