"""Bugs of the address refresh and of how addresses are written."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.contracts.instances import Address
from conformance.contracts.kubernetes import NODES, JsonObject
from fake_cloud.loops.address_publisher import AddressPublisher, addresses_of
from fake_cloud.loops.metadata import Metadata
from fake_cloud.loops.node_addresses import NodeAddresses
from fake_cloud.loops.node_ip import PROVIDED_NODE_IP, parse_node_ips, prefer
from fake_cloud.planting import defect


@defect("node.addr.hostname-kept")
class LosesTheHostname(AddressPublisher):
    """The cloud gives no host name, so the one that the kubelet reported disappears."""

    def with_hostname(
        self,
        node: JsonObject,  # noqa: ARG002
        addresses: Sequence[Address],
    ) -> Sequence[Address]:
        return addresses


@defect("node.addr.refresh")
class NeverRefreshes(NodeAddresses):
    """Addresses are those of the first day (cloud-provider-vsphere pull 541)."""

    def round(self) -> None:
        pass


@defect("node.addr.stale-removed")
class OnlyAddsAddresses(AddressPublisher):
    """New addresses join the old ones; what the machine no longer has stays on the node."""

    def wanted(self, node: JsonObject, metadata: Metadata) -> Sequence[Address]:
        wanted = super().wanted(node, metadata)
        return [*wanted, *(old for old in addresses_of(node) if old not in wanted)]


@defect("node.addr.empty-answer-kept")
class WipesOnAnEmptyAnswer(AddressPublisher):
    """An answer without addresses is taken at its word and the node becomes unreachable."""

    def keeps_old(self, metadata: Metadata) -> bool:  # noqa: ARG002
        return False


@defect("node.addr.error-kept")
class WipesOnAnError(NodeAddresses):
    """An error of the cloud API empties the list of every node."""

    def on_failure(self, node: JsonObject, error: Exception) -> None:  # noqa: ARG002
        wiped = {"status": {"addresses": [{"$patch": "replace"}]}}
        self.parts.kube.patch(NODES, node["metadata"]["name"], wiped, subresource="status")


@defect("node.addr.error-kept")
class StopsAfterAnError(NodeAddresses):
    """The first error ends the refresh for good."""

    broken = False

    def on_failure(self, node: JsonObject, error: Exception) -> None:  # noqa: ARG002
        self.broken = True

    def should_refresh(self, node: JsonObject) -> bool:
        return super().should_refresh(node) and not self.broken


@defect("node.addr.tainted-skipped")
class RefreshesTaintedNodes(NodeAddresses):
    """Addresses of a half-initialized node are published before anybody validated them."""

    def should_refresh(self, node: JsonObject) -> bool:  # noqa: ARG002
        return True


@defect("node.addr.provided-ip")
class IgnoresTheNodeIP(AddressPublisher):
    """What `--node-ip` said does not matter: the node answers on the wrong network."""

    def wanted(self, node: JsonObject, metadata: Metadata) -> Sequence[Address]:
        return self.with_hostname(node, metadata.addresses)


@defect("node.addr.provided-ip")
class RefreshIgnoresNodeIP(NodeAddresses):
    """The node IP is honoured at initialization; the first refresh puts the others back."""

    def publish(self, node: JsonObject, metadata: Metadata) -> None:
        without_choice = {**node, "metadata": {**node["metadata"], "annotations": {}}}
        super().publish(without_choice, metadata)


@defect("node.init.metadata-kept")
class WipesStatus(AddressPublisher):
    """The status is replaced by one that holds addresses alone: the node has no room for pods."""

    def write(self, node: JsonObject, wanted: Sequence[Address]) -> None:
        addresses = [{"type": one.type.value, "address": one.address} for one in wanted]
        status = {"addresses": addresses, "$patch": "replace"}
        patch = {"status": status}
        self._kube.patch(NODES, node["metadata"]["name"], patch, subresource="status")


@defect("node.addr.provided-ip-dual")
class HonoursOneNodeIpOnly(AddressPublisher):
    """Of a dual-stack pair the second address is dropped
    (hcloud-cloud-controller-manager issue 803)."""

    def honour_node_ip(self, node: JsonObject, addresses: Sequence[Address]) -> Sequence[Address]:
        annotation = (node["metadata"].get("annotations") or {}).get(PROVIDED_NODE_IP)
        if annotation is None:
            return addresses
        return prefer(addresses, parse_node_ips(annotation.partition(",")[0]))
