"""Freedoms of the initialization loop."""

from __future__ import annotations

from conformance.contracts.kubernetes import JsonObject
from fake_cloud.loops.metadata import Metadata
from fake_cloud.loops.node_initialization import NodeInitialization
from fake_cloud.planting import variant


@variant
class ExtraNodeAnnotation(NodeInitialization):
    """Some providers leave a note of their own on each node that they initialize."""

    def changed(self, node: JsonObject, metadata: Metadata) -> JsonObject:
        changed = super().changed(node, metadata)
        annotations = changed["metadata"].setdefault("annotations", {})
        annotations["fake.example/initialized-by"] = self.component
        return changed
