"""Cluster IPs, node ports and IP families of one Service, at create and at update.

Follows pkg/registry/core/service/storage/alloc.go and storage.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    StatusError,
    internal,
    invalid,
    invalid_value,
)
from fake_cloud.kube_api.strategies.services.families import set_families
from fake_cloud.kube_api.strategies.services.ranges import RangeError, ServiceRanges, family_of
from fake_cloud.kube_api.strategies.services.types import (
    allocates_node_ports,
    has_node_ports,
    needs_cluster_ip,
    needs_health_check_port,
)

Body = dict[str, Any]
SERVICE = About("", "services", "Service")


class Allocation:
    """What one write takes; `undo` gives it back when the write fails."""

    def __init__(self, ranges: ServiceRanges, name: str):
        self._ranges, self._name = ranges, name
        self._undo: list[Callable[[], None]] = []

    def run(self, spec: Body, old: Body | None) -> None:
        """Fill in the spec. Raises `StatusError` and takes nothing then."""
        try:
            set_families(self._ranges, self._name, spec, old)
            self._cluster_ips(spec, old)
            if has_node_ports(spec):
                self._node_ports(spec, old)
            if needs_health_check_port(spec):
                self._health_check_port(spec, old)
        except StatusError:
            self.undo()
            raise

    def undo(self) -> None:
        while self._undo:
            self._undo.pop()()

    def _cluster_ips(self, spec: Body, old: Body | None) -> None:
        if not needs_cluster_ip(spec) or spec.get("clusterIPs") == ["None"]:
            return
        had = set(old.get("clusterIPs", [])) if old and needs_cluster_ip(old) else set()
        if had == {"None"}:
            return
        ips: list[str] = list(spec.get("clusterIPs", []))
        for index, family in enumerate(spec.get("ipFamilies", [])):
            wanted = ips[index] if index < len(ips) else ""
            if wanted and wanted in had:
                continue
            ips[index:] = [self._take_ip(family, wanted, ips), *ips[index + 1 :]]
        if ips:
            spec["clusterIPs"], spec["clusterIP"] = ips, ips[0]

    def _take_ip(self, family: str, wanted: str, ips: list[str]) -> str:
        chosen = self._ranges.ips[family]
        try:
            if wanted:
                chosen.take(wanted)
            taken = wanted or chosen.take_any()
        except RangeError as error:
            why = f"failed to allocate IP {wanted}: {error}"
            raise self._invalid(invalid_value("spec.clusterIPs", ips, why)) from None
        self._undo.append(lambda: chosen.give_back(taken))
        return taken

    def _node_ports(self, spec: Body, old: Body | None) -> None:
        had = node_ports(old) if old and has_node_ports(old) else set()
        seen: set[tuple[str, int]] = set()
        chosen: dict[int, int] = {}
        ports = spec.get("ports", [])
        for index, port in enumerate(ports):
            given = port.get("nodePort", 0)
            if not given and not allocates_node_ports(spec):
                continue
            number = port["port"]
            if not given and old is None:
                given = chosen.get(number, 0) or _requested(number, ports)
            if given and given not in had and given not in chosen.values():
                self._take_port(given, index)
            port["nodePort"] = given or self._any_port()
            chosen.setdefault(number, port["nodePort"])
            pair = (port.get("protocol", ""), port["nodePort"])
            if old is not None and pair in seen:
                raise internal(f"duplicate nodePort: {{{pair[0]} {pair[1]}}}")
            seen.add(pair)

    def _take_port(self, wanted: int, index: int) -> None:
        try:
            self._ranges.ports.take(wanted)
        except RangeError as error:
            path = f"spec.ports[{index}].nodePort"
            raise self._invalid(invalid_value(path, wanted, str(error))) from None
        self._undo.append(lambda: self._ranges.ports.give_back(wanted))

    def _any_port(self) -> int:
        try:
            port = self._ranges.ports.take_any()
        except RangeError as error:
            raise _internal(f"failed to allocate a nodePort: {error}") from None
        self._undo.append(lambda: self._ranges.ports.give_back(port))
        return port

    def _health_check_port(self, spec: Body, old: Body | None) -> None:
        wanted = spec.get("healthCheckNodePort", 0)
        if old and needs_health_check_port(old):
            return
        if not wanted:
            spec["healthCheckNodePort"] = self._any_port()
            return
        try:
            self._ranges.ports.take(wanted)
        except RangeError as error:
            text = f"failed to allocate requested HealthCheck NodePort {wanted}: {error}"
            raise _internal(text) from None
        self._undo.append(lambda: self._ranges.ports.give_back(wanted))

    def _invalid(self, error: FieldError) -> StatusError:
        return invalid(SERVICE, self._name, [error])


def _requested(number: int, ports: list[Body]) -> int:
    """A node port that another entry with the same port asks for."""
    return next((p["nodePort"] for p in ports if p["port"] == number and p.get("nodePort")), 0)


def _internal(message: str) -> StatusError:
    details = {"causes": [{"message": message}]}
    return StatusError(500, "InternalError", f"Internal error occurred: {message}", details)


def node_ports(spec: Body) -> set[int]:
    return {port["nodePort"] for port in spec.get("ports", []) if port.get("nodePort")}


def held_ports(spec: Body) -> set[int]:
    """Every node port that this spec occupies."""
    held = node_ports(spec) if has_node_ports(spec) else set()
    return held | ({spec["healthCheckNodePort"]} if spec.get("healthCheckNodePort") else set())


def held_ips(spec: Body) -> set[str]:
    return {ip for ip in spec.get("clusterIPs", []) if ip != "None"}


def release(ranges: ServiceRanges, old: Body, new: Body | None) -> None:
    """Give back what `old` had and `new` has no more."""
    for port in held_ports(old) - (held_ports(new) if new else set()):
        ranges.ports.give_back(port)
    for ip in held_ips(old) - (held_ips(new) if new else set()):
        ranges.ips[family_of(ip)].give_back(ip)
