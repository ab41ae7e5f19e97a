"""Freedoms of the initialization loop."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.contracts.instances import Address
from conformance.contracts.kubernetes import NODES, JsonObject
from fake_cloud.loops.address_publisher import AddressPublisher
from fake_cloud.loops.metadata import Metadata
from fake_cloud.loops.node_addresses import NodeAddresses
from fake_cloud.loops.node_initialization import NodeInitialization
from fake_cloud.loops.taints import taints_of
from fake_cloud.planting import variant


@variant
class ExtraNodeAnnotation(NodeInitialization):
    """Some providers leave a note of their own on each node that they initialize."""

    def changed(self, node: JsonObject, metadata: Metadata) -> JsonObject:
        changed = super().changed(node, metadata)
        annotations = changed["metadata"].setdefault("annotations", {})
        annotations["fake.example/initialized-by"] = self.component
        return changed


@variant
class ExtraNodeLabel(NodeInitialization):
    """Labels in the provider's own domain beyond those that it promises."""

    def set_labels(self, node: JsonObject, metadata: Metadata) -> None:
        super().set_labels(node, metadata)
        node["metadata"]["labels"].setdefault("fake.example/rack", "r7")


@variant
class PatchesInsteadOfPuts(NodeInitialization):
    """The node is patched, with its revision, instead of being put as a whole."""

    def write(self, node: JsonObject) -> JsonObject:
        metadata, spec = node["metadata"], node["spec"]
        patch = {
            "metadata": {key: metadata[key] for key in ("resourceVersion", "labels")},
            "spec": {"providerID": spec["providerID"], "taints": spec["taints"] or None},
        }
        return self.parts.kube.patch(NODES, metadata["name"], patch)


@variant
class ReordersTaints(NodeInitialization):
    """The taints that stay come back in another order: the list is a set to everybody."""

    def remove_taint(self, node: JsonObject) -> None:
        super().remove_taint(node)
        node["spec"]["taints"] = list(reversed(taints_of(node)))


@variant
class AsksTwice(NodeInitialization):
    """The cloud is asked once for the id and once for everything else, as with the old
    Instances interface."""

    def lookup(self, node: JsonObject) -> Metadata | None:
        super().lookup(node)
        return super().lookup(node)


@variant
class ThinksFirst(NodeInitialization):
    """Some work is done before the node is written, so joining takes a while."""

    def validate(self, node: JsonObject, metadata: Metadata) -> None:
        self.parts.lifeline.wait(0.05)
        super().validate(node, metadata)


@variant
class TalksMore(NodeInitialization):
    """Further events of the provider accompany the one that is asked for."""

    def record_event(self, node: JsonObject) -> None:
        self.parts.events.normal(node, "Initializing", "described by the cloud")
        super().record_event(node)


@variant
class AsksAboutUntaintedNodes(NodeInitialization):
    """The cloud is asked about every node, also where nothing will be written."""

    def should_initialize(self, node: JsonObject) -> bool:
        wanted = super().should_initialize(node)
        if not wanted:
            self.parts.instances.instance_metadata(node)
        return wanted


@variant
class WritesUnchangedAddresses(AddressPublisher):
    """The change detector keys by type only, so a node with two addresses of one type gets an empty
    patch in each round (k8s.io/cloud-provider does that)."""

    def is_change(
        self,
        node: JsonObject,  # noqa: ARG002
        wanted: Sequence[Address],  # noqa: ARG002
    ) -> bool:
        return True


@variant
class RefreshesFromTheEnd(NodeAddresses):
    """Nodes are refreshed in another order than they are listed."""

    def round(self) -> None:
        for node in reversed(self.parts.nodes.objects()):
            if self.should_refresh(node):
                self.refresh(node)
