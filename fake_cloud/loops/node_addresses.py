"""Refreshes the addresses of initialized nodes (`UpdateNodeStatus` of node_controller.go)."""

from __future__ import annotations

from conformance.contracts.kubernetes import JsonObject
from fake_cloud.loops.loop_parts import RETRIABLE, LoopParts
from fake_cloud.loops.metadata import Metadata
from fake_cloud.loops.taints import UNINITIALIZED, has_taint


class NodeAddresses:
    """Every period, one node after another."""

    component = "cloud-node-controller"

    def __init__(self, parts: LoopParts) -> None:
        self.parts = parts

    def run(self) -> None:
        """A round at once, and one each period after, until the life ends."""
        if not self.parts.nodes.wait_synced():
            return
        self.round()
        while not self.parts.lifeline.wait(self.parts.periods.addresses):
            self.round()

    def round(self) -> None:
        for node in self.parts.nodes.objects():
            self.parts.lifeline.check()
            if self.should_refresh(node):
                self.refresh(node)

    def should_refresh(self, node: JsonObject) -> bool:
        """Nodes that are still tainted belong to the initialization."""
        return not has_taint(node, UNINITIALIZED)

    def refresh(self, node: JsonObject) -> None:
        """An error leaves this node as it is until the next round."""
        try:
            metadata = self.lookup(node)
        except RETRIABLE as error:
            self.on_failure(node, error)
        else:
            if metadata is None:
                raise RuntimeError("no metadata, no error: the original dereferences a nil here")
            self.publish(node, metadata)

    def lookup(self, node: JsonObject) -> Metadata | None:
        return self.parts.instances.instance_metadata(node)

    def on_failure(self, node: JsonObject, error: Exception) -> None:
        self.parts.log.info("addresses of %s: %s", node["metadata"]["name"], error)

    def publish(self, node: JsonObject, metadata: Metadata) -> None:
        self.parts.publisher.publish(node, metadata)
