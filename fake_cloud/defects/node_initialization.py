"""Bugs of the initialization loop: who is released, when, and what gets lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.contracts.kubernetes import NODES, JsonObject, WatchType
from fake_cloud.cloud.errors import CallTimedOut, CloudError
from fake_cloud.loops.loop_parts import RETRIABLE, LoopParts, NotInitialized
from fake_cloud.loops.metadata import InstanceNotFound, Metadata
from fake_cloud.loops.node_initialization import NodeInitialization
from fake_cloud.loops.taints import taints_of
from fake_cloud.planting import defect

UNKNOWN = Metadata(provider_id="fake://nowhere/nowhere/unknown")


@defect("node.init.taint-removed")
class NeverUntaints(NodeInitialization):
    """The node gets everything but its freedom: no pod is ever scheduled on it."""

    def remove_taint(self, node: JsonObject) -> None:
        pass


@defect("node.init.taint-removed")
class UntaintsOneEffectOnly(NodeInitialization):
    """Only the copy with effect NoSchedule goes; another one still repels every pod."""

    def remove_taint(self, node: JsonObject) -> None:
        kept = [taint for taint in taints_of(node) if taint["effect"] != "NoSchedule"]
        node["spec"]["taints"] = kept


@defect("node.init.other-taints-kept")
class WipesAllTaints(NodeInitialization):
    """An empty list is written back, which opens reserved nodes to every pod."""

    def remove_taint(self, node: JsonObject) -> None:
        node["spec"]["taints"] = []


@defect("node.init.other-taints-kept")
class DropsEvictingTaints(NodeInitialization):
    """What evicts pods is taken for trouble that initialization ends: NoExecute taints go too."""

    def remove_taint(self, node: JsonObject) -> None:
        super().remove_taint(node)
        kept = [taint for taint in taints_of(node) if taint["effect"] != "NoExecute"]
        node["spec"]["taints"] = kept


@defect("node.init.provider-id-before-untaint", "node.init.provider-id-present")
class UntaintsWithoutProviderId(NodeInitialization):
    """The taint goes while the id is still missing, and nothing fills it in later: no load balancer
    ever reaches the node (kubernetes issue 123024)."""

    def set_provider_id(self, node: JsonObject, metadata: Metadata) -> None:
        pass


@defect("node.init.metadata-kept")
class RebuildsTheNode(NodeInitialization):
    """The object is built anew instead of changed: annotations and the cordon are lost."""

    def changed(self, node: JsonObject, metadata: Metadata) -> JsonObject:
        changed = super().changed(node, metadata)
        changed["metadata"].pop("annotations", None)
        changed["spec"].pop("unschedulable", None)
        return changed


@defect("node.init.metadata-kept")
class DropsFinalizers(NodeInitialization):
    """The finalizers of whoever cleans up behind the node are lost, and so is the clean-up."""

    def changed(self, node: JsonObject, metadata: Metadata) -> JsonObject:
        changed = super().changed(node, metadata)
        changed["metadata"].pop("finalizers", None)
        return changed


@defect("node.init.addresses-prompt")
class LeavesAddressesToTheRefresh(NodeInitialization):
    """The first addresses come with the periodic refresh, five minutes after the pods."""

    def publish_addresses(self, node: JsonObject, metadata: Metadata) -> None:
        pass


@defect("node.init.single-step")
class LabelsInSecondWrite(NodeInitialization):
    """The node is free before its zone is known: the first pods land anywhere."""

    def set_labels(self, node: JsonObject, metadata: Metadata) -> None:
        pass

    def publish_addresses(self, node: JsonObject, metadata: Metadata) -> None:
        super().publish_addresses(node, metadata)
        labels = {**self.labels_for(metadata), **self.additional_labels({}, metadata)}
        self.parts.kube.patch(NODES, node["metadata"]["name"], {"metadata": {"labels": labels}})


@defect("node.init.event")
class SaysNothing(NodeInitialization):
    """No event: `kubectl describe node` does not tell whether anybody ever looked at the node."""

    def record_event(self, node: JsonObject) -> None:
        pass


@defect("node.init.missing-instance-keeps-taint")
class ReleasesUnknownNodes(NodeInitialization):
    """A node that the cloud does not know is released as it is."""

    def lookup(self, node: JsonObject) -> Metadata | None:
        try:
            return super().lookup(node)
        except InstanceNotFound:
            return UNKNOWN


@defect("node.init.cloud-error-keeps-taint")
class FailsOpen(NodeInitialization):
    """An error of the cloud API counts as success, so an outage releases nodes that nobody
    described (kubernetes pull 123713)."""

    def lookup(self, node: JsonObject) -> Metadata | None:
        try:
            return super().lookup(node)
        except CloudError:
            return UNKNOWN


@defect("node.init.cloud-error-keeps-taint")
class FailsOpenOnTimeout(NodeInitialization):
    """Refusals are handled, but a call that never returns counts as an empty answer."""

    def lookup(self, node: JsonObject) -> Metadata | None:
        try:
            return super().lookup(node)
        except CallTimedOut:
            return UNKNOWN


@defect("node.init.cloud-error-keeps-taint")
class ForgetsAfterFirstError(NodeInitialization):
    """A node whose lookup failed once is not looked at again and stays tainted for ever."""

    def __init__(self, parts: LoopParts) -> None:
        super().__init__(parts)
        self.failed: set[str] = set()

    def on_failure(self, name: str, error: Exception) -> None:  # noqa: ARG002
        self.failed.add(name)

    def should_initialize(self, node: JsonObject) -> bool:
        return super().should_initialize(node) and node["metadata"]["name"] not in self.failed


@defect("node.init.untainted-ignored")
class InitializesEverything(NodeInitialization):
    """Every node without an id is taken over, also those of another provider."""

    def should_initialize(self, node: JsonObject) -> bool:
        return super().should_initialize(node) or not node["spec"].get("providerID")


@defect("node.init.conflict-retry")
class OverwritesOthers(NodeInitialization):
    """The write carries no revision: what somebody else wrote meanwhile is undone."""

    def write(self, node: JsonObject) -> JsonObject:
        node["metadata"].pop("resourceVersion")
        return super().write(node)


@defect("node.init.backlog")
class SeesOnlyWhatComes(NodeInitialization):
    """Only events after the start count; the first nodes of every cluster wait for ever."""

    def on_change(self, change: WatchType, node: JsonObject) -> None:
        if self.parts.nodes.synced:
            super().on_change(change, node)


@defect("node.init.isolation")
class StopsAtTheFirstError(NodeInitialization):
    """A failing node is tried again and again before anybody else gets a turn."""

    def process(self, name: str) -> None:
        while self.parts.lifeline.alive:
            try:
                self.sync(name)
                break
            except RETRIABLE:
                self.parts.lifeline.wait(0.01)
        self.parts.queue.done(name)


@defect("node.init.reregistration")
class RemembersNames(NodeInitialization):
    """A name that was initialized once is done for ever, whoever bears it now."""

    def __init__(self, parts: LoopParts) -> None:
        super().__init__(parts)
        self.done: set[str] = set()

    def initialize(self, node: JsonObject) -> None:
        name = node["metadata"]["name"]
        if name not in self.done:
            super().initialize(node)
            self.done.add(name)


@defect("node.addr.provided-ip-invalid")
class UntaintsBeforeValidation(NodeInitialization):
    """The kubelet's node IP is looked at after the node is free, when it is too late to refuse."""

    def validate(self, node: JsonObject, metadata: Metadata) -> None:
        if not self.provider_id_for(node, metadata):
            raise NotInitialized("the cloud gave no provider id")


@defect("node.init.additional-labels")
class DropsAdditionalLabels(NodeInitialization):
    """Labels that the provider promises are dropped silently."""

    def additional_labels(
        self,
        present: Mapping[str, str],  # noqa: ARG002
        metadata: Metadata,  # noqa: ARG002
    ) -> Mapping[str, str]:
        return {}


@defect("node.init.labels-no-overwrite")
class OverwritesLabels(NodeInitialization):
    """The provider's value replaces the one that an operator chose."""

    def additional_labels(
        self,
        present: Mapping[str, str],  # noqa: ARG002
        metadata: Metadata,
    ) -> Mapping[str, str]:
        return super().additional_labels({}, metadata)


@defect("node.init.labels-no-overwrite")
class ClaimsReservedLabels(NodeInitialization):
    """Labels of the provider appear under kubernetes.io, where roles are made."""

    def additional_labels(
        self, present: Mapping[str, str], metadata: Metadata
    ) -> Mapping[str, str]:
        return {key: value for key, value in metadata.labels.items() if key not in present}


@defect("node.init.zone-labels", "node.label.zone-pair")
class OnlyTheNewZoneLabel(NodeInitialization):
    """The beta key is gone, and with it every manifest that still selects by it."""

    def labels_for(self, metadata: Metadata) -> Mapping[str, str]:
        labels = dict(super().labels_for(metadata))
        labels.pop("failure-domain.beta.kubernetes.io/zone", None)
        return labels


@defect("node.label.type-pair", "node.label.region-pair")
class OnlyTheNewTypeAndRegionLabels(NodeInitialization):
    """What is deprecated is left out, and old manifests find no node."""

    def labels_for(self, metadata: Metadata) -> Mapping[str, str]:
        labels = super().labels_for(metadata)
        old = ("beta.kubernetes.io/instance-type", "failure-domain.beta.kubernetes.io/region")
        return {key: value for key, value in labels.items() if key not in old}


@defect("node.label.beta-to-ga")
class CopiesLabelsTheOtherWay(NodeInitialization):
    """The GA label is taken for the source of truth and the correction is undone."""

    def stale_labels(self, node: JsonObject) -> Mapping[str, str]:
        labels: Mapping[str, Any] = node["metadata"].get("labels") or {}
        wrong = super().stale_labels(node)
        twins = {
            "node.kubernetes.io/instance-type": "beta.kubernetes.io/instance-type",
            "topology.kubernetes.io/zone": "failure-domain.beta.kubernetes.io/zone",
            "topology.kubernetes.io/region": "failure-domain.beta.kubernetes.io/region",
        }
        return {twins[key]: labels[key] for key in wrong if key in labels}


@defect("node.label.beta-to-ga")
class CorrectsPresentLabelsOnly(NodeInitialization):
    """A GA label that is missing is not put back, so selectors by it miss the node."""

    def stale_labels(self, node: JsonObject) -> Mapping[str, str]:
        present = node["metadata"].get("labels") or {}
        wrong = super().stale_labels(node)
        return {key: value for key, value in wrong.items() if key in present}
