"""What a fake cloud and its controller are built of; defects and variants exchange single parts."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from fake_cloud.cloud.account import Account, AccountSettings
from fake_cloud.cloud.instance_api import InstanceApi
from fake_cloud.cloud.owner import Owner
from fake_cloud.kubelet.stand_in import KubeletStandIn
from fake_cloud.loops.address_publisher import AddressPublisher
from fake_cloud.loops.cloud_instances import CloudInstances
from fake_cloud.loops.events import EventRecorder
from fake_cloud.loops.informer import Informer
from fake_cloud.loops.node_addresses import NodeAddresses
from fake_cloud.loops.node_initialization import NodeInitialization
from fake_cloud.loops.node_lifecycle import NodeLifecycle
from fake_cloud.loops.periods import Periods
from fake_cloud.loops.work_queue import WorkQueue

BRISK = Periods(
    monitor=0.05,
    addresses=0.1,
    retry_cap=0.2,
    conflict=0.005,
    relist=0.02,
    lifecycle_workers=4,
)
"""Periods for tests: tens of milliseconds, so that a silent window is short."""


@dataclass
class Blueprint:
    """Classes and settings, to be changed only before anything is built from them."""

    settings: AccountSettings = field(default_factory=AccountSettings)
    account: type[Account] = Account
    owner: type[Owner] = Owner
    instance_api: type[InstanceApi] = InstanceApi
    kubelet: type[KubeletStandIn] = KubeletStandIn
    periods: Periods = BRISK
    instances: type[CloudInstances] = CloudInstances
    informer: type[Informer] = Informer
    work_queue: type[WorkQueue] = WorkQueue
    events: type[EventRecorder] = EventRecorder
    publisher: type[AddressPublisher] = AddressPublisher
    initialization: type[NodeInitialization] = NodeInitialization
    addresses: type[NodeAddresses] = NodeAddresses
    lifecycle: type[NodeLifecycle] = NodeLifecycle

    def use(self, part: type) -> None:
        """Put `part` in the place of the class that it derives from.

        Raises TypeError when it derives from none.
        """
        for place in fields(self):
            current = getattr(self, place.name)
            if isinstance(current, type) and issubclass(part, current):
                setattr(self, place.name, part)
                return
        raise TypeError(f"{part.__name__} derives from no part of the blueprint")
