"""Bugs of the lifecycle loop and of the answers that it works with."""

from __future__ import annotations

from fake_cloud.cloud.machine import Machine, MachineState
from fake_cloud.loops.cloud_instances import CloudInstances
from fake_cloud.planting import defect


@defect("life.shutdown.kept")
class StoppedCountsAsGone(CloudInstances):
    """The inventory is filtered by "running", so stopping a machine deletes its node."""

    def is_gone(self, machine: Machine) -> bool:
        return machine.state is not MachineState.RUNNING
