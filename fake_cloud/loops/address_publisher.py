"""Writes an instance's addresses to its node; used at initialization and by the refresh."""

from __future__ import annotations

from collections.abc import Sequence
from logging import Logger

from conformance.contracts.instances import Address, AddressType
from conformance.contracts.kubernetes import NODES, ApiError, ApiUnreachable, JsonObject, KubeClient
from fake_cloud.loops.metadata import Metadata
from fake_cloud.loops.node_ip import PROVIDED_NODE_IP, InvalidNodeIP, parse_node_ips, prefer


class AddressPublisher:
    """`updateNodeAddress` of node_controller.go: failures are logged and left to the refresh."""

    def __init__(self, kube: KubeClient, log: Logger) -> None:
        self._kube = kube
        self._log = log

    def publish(self, node: JsonObject, metadata: Metadata) -> None:
        """Make `node` show the addresses that it should have, if the cloud gave any."""
        if self.keeps_old(metadata):
            return
        try:
            wanted = self.wanted(node, metadata)
            if self.is_change(node, wanted):
                self.write(node, wanted)
        except (ApiError, ApiUnreachable, InvalidNodeIP) as error:
            self._log.warning("addresses of %s: %s", node["metadata"]["name"], error)

    def keeps_old(self, metadata: Metadata) -> bool:
        """An answer without addresses says nothing about the old ones."""
        return not metadata.addresses

    def wanted(self, node: JsonObject, metadata: Metadata) -> Sequence[Address]:
        """The cloud's addresses with the host name, after the kubelet's own choice of IP."""
        return self.honour_node_ip(node, self.with_hostname(node, metadata.addresses))

    def with_hostname(self, node: JsonObject, addresses: Sequence[Address]) -> Sequence[Address]:
        """The cloud's Hostname if it gave one, else the one on the node."""
        if any(address.type is AddressType.HOSTNAME for address in addresses):
            return addresses
        shown = addresses_of(node)
        return [*addresses, *(one for one in shown if one.type is AddressType.HOSTNAME)]

    def honour_node_ip(self, node: JsonObject, addresses: Sequence[Address]) -> Sequence[Address]:
        """Raises `InvalidNodeIP`."""
        annotation = (node["metadata"].get("annotations") or {}).get(PROVIDED_NODE_IP)
        return addresses if annotation is None else prefer(addresses, parse_node_ips(annotation))

    def is_change(self, node: JsonObject, wanted: Sequence[Address]) -> bool:
        """`nodeAddressesChangeDetected`: by the last address of each type, so the order of types is
        no change, and two addresses of one type always are one."""
        shown = addresses_of(node)
        by_type = {one.type: one.address for one in shown}
        return len(shown) != len(wanted) or any(
            by_type.get(one.type) != one.address for one in wanted
        )

    def write(self, node: JsonObject, wanted: Sequence[Address]) -> None:
        """Replaces the whole list: merging by type would keep addresses that are gone.

        Nothing is in the patch when the list is the same (component-helpers node/util/status.go).
        """
        addresses = [{"type": one.type.value, "address": one.address} for one in wanted]
        replaced = {"status": {"addresses": [*addresses, {"$patch": "replace"}]}}
        patch = replaced if addresses_of(node) != list(wanted) else {}
        self._kube.patch(NODES, node["metadata"]["name"], patch, subresource="status")


def addresses_of(node: JsonObject) -> list[Address]:
    """The addresses that the node shows."""
    shown = node.get("status", {}).get("addresses") or ()
    return [Address(AddressType(one["type"]), one["address"]) for one in shown]
