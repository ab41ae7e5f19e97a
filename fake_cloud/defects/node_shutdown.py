"""Bugs around machines that are shut down: removed, unmarked, marked wrongly or for ever."""

from __future__ import annotations

import random
from collections.abc import Callable

from conformance.contracts.kubernetes import NODES, JsonObject
from fake_cloud.cloud.errors import CloudError
from fake_cloud.cloud.machine import Machine, MachineState
from fake_cloud.loops.cloud_instances import CloudInstances
from fake_cloud.loops.node_lifecycle import NodeLifecycle
from fake_cloud.loops.taints import SHUTDOWN, Taint, has_taint, taints_of
from fake_cloud.planting import defect


@defect("life.shutdown.kept")
class StoppedCountsAsGone(CloudInstances):
    """The inventory is filtered by "running", so stopping a machine deletes its node
    (kubernetes issue 46442)."""

    def is_gone(self, machine: Machine) -> bool:
        return machine.state is not MachineState.RUNNING


@defect("life.shutdown.tainted")
class ReadsTheWrongPowerField(CloudInstances):
    """The power state is looked for where it is not, so no machine is ever shut down
    (kubernetes issue 68916)."""

    def is_shut_down(self, state: MachineState) -> bool:  # noqa: ARG002
        return False


@defect("life.shutdown.tainted")
class EvictsOnShutdown(NodeLifecycle):
    """The taint has effect NoExecute and throws out what would come back with the machine."""

    def shutdown_taint(self) -> Taint:
        return {"key": SHUTDOWN, "effect": "NoExecute"}


@defect("life.shutdown.idempotent")
class RewritesTheTaint(NodeLifecycle):
    """The taint is written anew in every round, and every watcher pays for it."""

    def shutdown_taint(self) -> Taint:
        return {**super().shutdown_taint(), "value": f"{random.random():.6f}"}  # noqa: S311


@defect("life.shutdown.taint-cleared")
class NeverClearsTheTaint(NodeLifecycle):
    """A machine that runs again stays out of work."""

    def clear_shutdown(self, node: JsonObject) -> None:
        pass


@defect("life.shutdown.other-taints-kept")
class OverwritesOtherTaints(NodeLifecycle):
    """The list is written from the cache and without a revision: a taint that somebody added
    meanwhile is lost."""

    def change_taints_once(
        self, node: JsonObject, change: Callable[[list[Taint]], list[Taint]]
    ) -> None:
        taints = taints_of(node)
        changed = change(taints)
        if changed != taints:
            patch = {"spec": {"taints": changed or None}}
            self.parts.kube.patch(NODES, node["metadata"]["name"], patch)


@defect("life.shutdown.then-deleted")
class StoppedIsForEver(NodeLifecycle):
    """Once marked as shut down a node is not asked about again."""

    def monitor(self, node: JsonObject) -> None:
        if self.is_ready(node) or not has_taint(node, SHUTDOWN):
            super().monitor(node)


@defect("life.shutdown.error")
class AnErrorCountsAsShutdown(CloudInstances):
    """The power state cannot be read, so the machine is taken for off."""

    def instance_shutdown(self, node: JsonObject) -> bool:
        try:
            return super().instance_shutdown(node)
        except CloudError:
            return True
