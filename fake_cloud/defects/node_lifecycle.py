"""Bugs of the lifecycle loop: who is removed, who is kept, what is said about it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from conformance.contracts.kubernetes import NODES, ApiError, JsonObject
from fake_cloud.cloud.errors import CloudError, ServerError
from fake_cloud.cloud.machine import Machine, MachineState
from fake_cloud.loops.cloud_instances import CloudInstances, machine_id, provider_id_of
from fake_cloud.loops.loop_parts import RETRIABLE, LoopParts
from fake_cloud.loops.metadata import InstanceNotFound
from fake_cloud.loops.node_lifecycle import NodeLifecycle
from fake_cloud.loops.taints import UNINITIALIZED, has_taint
from fake_cloud.planting import defect

FORBIDDEN = 403


@defect("life.deleted.removed")
class EverythingExists(CloudInstances):
    """The answer is always yes (bizfly-cloud-controller-manager issue 17)."""

    def instance_exists(self, node: JsonObject) -> bool:
        super().instance_exists(node)
        return True


@defect("life.deleted.removed")
class NotFoundIsAnError(CloudInstances):
    """A machine that is gone surfaces as a failed call, so its node stays
    (exoscale-cloud-controller-manager pull 25)."""

    def instance_exists(self, node: JsonObject) -> bool:
        if not super().instance_exists(node):
            raise ServerError("404 not found")
        return True


@defect("life.deleted.event")
class RemovesSilently(NodeLifecycle):
    """A node disappears and nothing says why."""

    def announce_removal(self, node: JsonObject) -> None:
        pass


@defect("life.deleted.only-that-one")
class RemovesNeighbours(NodeLifecycle):
    """The deletion matches by the beginning of the name and takes others along."""

    def delete(self, node: JsonObject) -> None:
        prefix = node["metadata"]["name"][:8]
        for other in self.nodes():
            if other["metadata"]["name"].startswith(prefix):
                super().delete(other)


@defect("life.ready-never-deleted")
class DoesNotLookAtReady(NodeLifecycle):
    """A node that is at work is deleted because the inventory lacks its machine."""

    def is_ready(self, node: JsonObject) -> bool:  # noqa: ARG002
        return False


@defect("life.terminating-states")
class OnlyStableStatesExist(CloudInstances):
    """A machine that reboots or moves counts as gone
    (oci-cloud-controller-manager issue 99)."""

    def is_gone(self, machine: Machine) -> bool:
        return machine.state not in (MachineState.RUNNING, MachineState.STOPPED)


@defect("life.error.not-deleted")
class AnyErrorMeansGone(CloudInstances):
    """A failing cloud API makes half of the cluster disappear
    (oci-cloud-controller-manager issue 57)."""

    def instance_exists(self, node: JsonObject) -> bool:
        try:
            return super().instance_exists(node)
        except CloudError:
            return False


@defect("life.error.empty-list", "life.fresh-instance")
class TrustsOneList(CloudInstances):
    """Whatever one list does not show is gone: an empty page deletes every node, and a machine
    that is seconds old loses its own."""

    def instance_exists(self, node: JsonObject) -> bool:
        if not self.manages(node):
            return True
        wanted = machine_id(provider_id_of(node)) or node["metadata"]["name"]
        listed = self._api.list().machines
        return any(wanted in (machine.id, machine.name) for machine in listed)


@defect("life.error.isolation")
class OneErrorEndsTheRound(NodeLifecycle):
    """All nodes are asked about first, and one failing answer voids the others
    (cloud-provider-aws pull 1260)."""

    def round(self, pool: ThreadPoolExecutor) -> None:
        try:
            for node in self.nodes():
                if not self.is_ready(node):
                    self.exists(node)
        except RETRIABLE:
            return
        super().round(pool)


@defect("life.error.recovers")
class NeverForgetsAnError(NodeLifecycle):
    """A node whose lookup failed once is taken for existing ever after."""

    def __init__(self, parts: LoopParts) -> None:
        super().__init__(parts)
        self.poisoned: set[str] = set()

    def on_failure(self, node: JsonObject, error: Exception) -> None:  # noqa: ARG002
        self.poisoned.add(node["metadata"]["uid"])

    def exists(self, node: JsonObject) -> bool:
        return node["metadata"]["uid"] in self.poisoned or super().exists(node)


@defect("life.foreign.provider-id")
class ForeignMeansGone(CloudInstances):
    """A node with another provider's id is not in this inventory, so it is deleted
    (cloud-provider-vsphere issue 677)."""

    def has_own_provider_id(self, node: JsonObject) -> bool:  # noqa: ARG002
        return True


@defect("life.foreign.unmanaged")
class IgnoresTheUnmanagedMark(CloudInstances):
    """The operator's mark is not looked at and his own machine's node is deleted."""

    def is_marked_unmanaged(self, node: JsonObject) -> bool:  # noqa: ARG002
        return False


@defect("life.no-provider-id.exists")
class NoIdMeansGone(CloudInstances):
    """A node is deleted before its id was set (kubernetes issue 63226)."""

    def instance_exists(self, node: JsonObject) -> bool:
        return bool(provider_id_of(node)) and super().instance_exists(node)


@defect("life.no-provider-id.gone")
class NoIdIsAnError(CloudInstances):
    """The typed not-found error instead of "no": the node stays for ever
    (kubernetes issue 141364)."""

    def instance_exists(self, node: JsonObject) -> bool:
        exists = super().instance_exists(node)
        if not exists and not provider_id_of(node):
            raise InstanceNotFound("no machine of this name")
        return exists


@defect("life.uninitialized.gone")
class SkipsTaintedNodes(NodeLifecycle):
    """A node that was never initialized is never cleaned up either."""

    def monitor(self, node: JsonObject) -> None:
        if not has_taint(node, UNINITIALIZED):
            super().monitor(node)


@defect("life.delete-failure")
class GivesUpDeleting(NodeLifecycle):
    """A deletion that the API refused once is not tried again."""

    def __init__(self, parts: LoopParts) -> None:
        super().__init__(parts)
        self.tried: set[str] = set()

    def delete(self, node: JsonObject) -> None:
        uid = node["metadata"]["uid"]
        if uid not in self.tried:
            self.tried.add(uid)
            super().delete(node)


@defect("life.delete-failure")
class HidesFailedDeletions(NodeLifecycle):
    """The API refuses the deletion and nobody is told."""

    def delete(self, node: JsonObject) -> None:
        try:
            self.parts.kube.delete(NODES, node["metadata"]["name"])
        except ApiError as error:
            self.parts.log.warning("not deleted: %s", error)


@defect("life.delete-failure")
class RetriesForbiddenDeletionsOnly(NodeLifecycle):
    """Only a refusal by permission is expected to pass; any other failure of the API is final."""

    def __init__(self, parts: LoopParts) -> None:
        super().__init__(parts)
        self.given_up: set[str] = set()

    def delete(self, node: JsonObject) -> None:
        if node["metadata"]["uid"] in self.given_up:
            return
        try:
            super().delete(node)
        except ApiError as error:
            if error.code != FORBIDDEN:
                self.given_up.add(node["metadata"]["uid"])
            raise


@defect("life.finalizer-held")
class CrashesOnTerminatingNodes(NodeLifecycle):
    """A node that a finalizer holds after its machine is gone ends the whole process
    (cloud-provider-aws pull 1260)."""

    def monitor(self, node: JsonObject) -> None:
        if node["metadata"].get("deletionTimestamp"):
            raise AttributeError("planted: the machine of a terminating node is None")
        super().monitor(node)
