"""Bugs of the initialization loop."""

from __future__ import annotations

from conformance.contracts.kubernetes import JsonObject
from fake_cloud.loops.metadata import InstanceNotFound, Metadata
from fake_cloud.loops.node_initialization import NodeInitialization
from fake_cloud.planting import defect


@defect("node.init.taint-removed")
class NeverUntaints(NodeInitialization):
    """The node gets everything but its freedom: no pod is ever scheduled on it."""

    def remove_taint(self, node: JsonObject) -> None:
        pass


@defect("node.init.provider-id-before-untaint")
class UntaintsWithoutProviderId(NodeInitialization):
    """A lookup that fails softly: untainted with an empty id, which is never filled in later
    (kubernetes issue 123024)."""

    def lookup(self, node: JsonObject) -> Metadata | None:
        try:
            return super().lookup(node)
        except InstanceNotFound:
            return Metadata(provider_id="")

    def validate(self, node: JsonObject, metadata: Metadata) -> None:
        pass
