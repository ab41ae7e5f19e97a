"""Initializes nodes that carry the uninitialized taint (`syncNode` of node_controller.go)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from copy import deepcopy

from conformance.contracts.kubernetes import NODES, Conflict, JsonObject, WatchType
from fake_cloud.loops.labels import (
    BETA_REGION,
    BETA_TYPE,
    BETA_ZONE,
    REGION,
    RESERVED,
    TYPE,
    ZONE,
    stale_ga_labels,
)
from fake_cloud.loops.loop_parts import RETRIABLE, LoopParts, NotInitialized
from fake_cloud.loops.metadata import Metadata
from fake_cloud.loops.taints import UNINITIALIZED, has_taint, taints_of

WRITE_STEPS = 20
"""Attempts of one write against conflicts (UpdateNodeSpecBackoff)."""


class NodeInitialization:
    """Small methods on purpose: each is one step that a controller can get wrong."""

    component = "cloud-node-controller"

    def __init__(self, parts: LoopParts) -> None:
        self.parts = parts
        parts.nodes.handle(self.on_change)

    def on_change(self, change: WatchType, node: JsonObject) -> None:
        """Every node that is added or updated gets its turn."""
        if change is not WatchType.DELETED:
            self.parts.queue.add(node["metadata"]["name"])

    def run(self) -> None:
        """Work on queued nodes until the life ends."""
        if not self.parts.nodes.wait_synced():
            return
        while (name := self.parts.queue.get()) is not None:
            self.parts.lifeline.check()
            self.process(name)

    def process(self, name: str) -> None:
        """Sync one node; what fails comes again after its back-off."""
        try:
            self.sync(name)
            self.parts.queue.forget(name)
        except RETRIABLE as error:
            self.parts.log.info("initialization of %s: %s", name, error)
            self.on_failure(name, error)
        finally:
            self.parts.queue.done(name)

    def on_failure(self, name: str, error: Exception) -> None:  # noqa: ARG002 - for those who care
        self.parts.queue.add_after_failure(name)

    def sync(self, name: str) -> None:
        node = self.parts.nodes.get(name)
        if node is None:
            return
        if self.should_initialize(node):
            self.initialize(node)
        else:
            self.reconcile_labels(node)

    def should_initialize(self, node: JsonObject) -> bool:
        return has_taint(node, UNINITIALIZED)

    def initialize(self, node: JsonObject) -> None:
        """Ask the cloud, check its answer, write everything in one step, show the addresses."""
        metadata = self.lookup(node)
        if metadata is None:
            return
        self.validate(node, metadata)
        written = self.write_with_retry(node["metadata"]["name"], metadata)
        if written is not None:
            self.publish_addresses(written, metadata)
            self.record_event(node)

    def lookup(self, node: JsonObject) -> Metadata | None:
        """None: not ours to initialize. Raises `InstanceNotFound` and `CloudError`."""
        return self.parts.instances.instance_metadata(node)

    def validate(self, node: JsonObject, metadata: Metadata) -> None:
        """Raises what keeps the taint: no provider id at all, or a node IP that is not there."""
        if not self.provider_id_for(node, metadata):
            raise NotInitialized("the cloud gave no provider id")
        self.parts.publisher.honour_node_ip(node, metadata.addresses)

    def write_with_retry(self, name: str, metadata: Metadata) -> JsonObject | None:
        """The node as written, after conflicts built anew from the cache; None when it is gone."""
        for _ in range(WRITE_STEPS - 1):
            node = self.parts.nodes.get(name)
            if node is None:
                return None
            try:
                return self.write(self.changed(node, metadata))
            except Conflict:
                self.wait_after_conflict()
        node = self.parts.nodes.get(name)
        return None if node is None else self.write(self.changed(node, metadata))

    def wait_after_conflict(self) -> None:
        pause = self.parts.periods.conflict
        self.parts.lifeline.wait(pause + pause * random.random())  # noqa: S311 - jitter

    def changed(self, node: JsonObject, metadata: Metadata) -> JsonObject:
        """A copy of the cached node with everything that initialization brings."""
        node = deepcopy(node)
        self.set_provider_id(node, metadata)
        self.set_labels(node, metadata)
        self.remove_taint(node)
        return node

    def set_provider_id(self, node: JsonObject, metadata: Metadata) -> None:
        node["spec"]["providerID"] = self.provider_id_for(node, metadata)

    def provider_id_for(self, node: JsonObject, metadata: Metadata) -> str:
        """The one that is there already, else the cloud's."""
        return str(node["spec"].get("providerID") or metadata.provider_id)

    def set_labels(self, node: JsonObject, metadata: Metadata) -> None:
        labels = node["metadata"].setdefault("labels", {})
        labels.update(self.labels_for(metadata))
        labels.update(self.additional_labels(labels, metadata))

    def labels_for(self, metadata: Metadata) -> Mapping[str, str]:
        """Type, zone and region under both generations of keys, each only if known."""
        labels = {
            **dict.fromkeys((BETA_TYPE, TYPE), metadata.instance_type),
            **dict.fromkeys((BETA_ZONE, ZONE), metadata.zone),
            **dict.fromkeys((BETA_REGION, REGION), metadata.region),
        }
        return {key: value for key, value in labels.items() if value}

    def additional_labels(
        self, present: Mapping[str, str], metadata: Metadata
    ) -> Mapping[str, str]:
        """The provider's own labels that are neither reserved nor there already."""
        return {
            key: value
            for key, value in metadata.labels.items()
            if key not in present and not RESERVED.search(key)
        }

    def remove_taint(self, node: JsonObject) -> None:
        """Remove the taint's key, whatever its effect, and nothing else."""
        kept = [taint for taint in taints_of(node) if taint["key"] != UNINITIALIZED]
        node["spec"]["taints"] = kept

    def write(self, node: JsonObject) -> JsonObject:
        """One PUT of the whole node, refused when somebody else wrote in between."""
        return self.parts.kube.replace(NODES, node["metadata"]["name"], node)

    def publish_addresses(self, node: JsonObject, metadata: Metadata) -> None:
        self.parts.publisher.publish(node, metadata)

    def record_event(self, node: JsonObject) -> None:
        self.parts.events.normal(node, "Synced", "Node synced successfully")

    def reconcile_labels(self, node: JsonObject) -> None:
        """The GA labels follow their beta twins."""
        stale = self.stale_labels(node)
        if stale:
            patch = {"metadata": {"labels": dict(stale)}}
            self.parts.kube.patch(NODES, node["metadata"]["name"], patch)

    def stale_labels(self, node: JsonObject) -> Mapping[str, str]:
        return stale_ga_labels(node["metadata"].get("labels") or {})
