"""What every loop is given: the collaborators of one life of the controller."""

from __future__ import annotations

from dataclasses import dataclass
from logging import Logger

from conformance.contracts.kubernetes import ApiError, ApiUnreachable, KubeClient
from fake_cloud.cloud.errors import CloudError
from fake_cloud.loops.address_publisher import AddressPublisher
from fake_cloud.loops.events import EventRecorder
from fake_cloud.loops.informer import Informer
from fake_cloud.loops.lifeline import Lifeline
from fake_cloud.loops.metadata import InstanceNotFound, Instances
from fake_cloud.loops.node_ip import InvalidNodeIP
from fake_cloud.loops.periods import Periods
from fake_cloud.loops.work_queue import WorkQueue


@dataclass(frozen=True, slots=True)
class LoopParts:
    """`instances` and `events` are the loop's own, the rest is shared by all loops."""

    kube: KubeClient
    nodes: Informer
    instances: Instances
    events: EventRecorder
    publisher: AddressPublisher
    queue: WorkQueue
    lifeline: Lifeline
    periods: Periods
    log: Logger


class NotInitialized(Exception):
    """The answer of the cloud does not suffice to initialize the node."""


RETRIABLE = (
    ApiError,
    ApiUnreachable,
    CloudError,
    InstanceNotFound,
    InvalidNodeIP,
    NotInitialized,
)
"""What a loop survives; anything else crashes the controller, as a panic would."""
