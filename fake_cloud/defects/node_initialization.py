"""Bugs of the initialization loop."""

from __future__ import annotations

from conformance.contracts.kubernetes import JsonObject
from fake_cloud.loops.metadata import Metadata
from fake_cloud.loops.node_initialization import NodeInitialization
from fake_cloud.planting import defect


@defect("node.init.taint-removed")
class NeverUntaints(NodeInitialization):
    """The node gets everything but its freedom: no pod is ever scheduled on it."""

    def remove_taint(self, node: JsonObject) -> None:
        pass


@defect("node.init.provider-id-before-untaint")
class UntaintsWithoutProviderId(NodeInitialization):
    """The taint goes while the id is still missing, and nothing fills it in later: no load balancer
    ever reaches the node (kubernetes issue 123024)."""

    def set_provider_id(self, node: JsonObject, metadata: Metadata) -> None:
        pass
