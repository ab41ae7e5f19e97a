"""What loops ask of a cloud: the InstancesV2 interface of k8s.io/cloud-provider, in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from conformance.contracts.instances import Address
from conformance.contracts.kubernetes import JsonObject


class InstanceNotFound(Exception):
    """The cloud has no instance for this node."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """One instance, as the initialization and address loops need it; empty means unknown."""

    provider_id: str
    instance_type: str = ""
    zone: str = ""
    region: str = ""
    addresses: tuple[Address, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


class Instances(Protocol):
    """Every method raises `CloudError` when the cloud does not answer."""

    def instance_metadata(self, node: JsonObject) -> Metadata | None:
        """Raises `InstanceNotFound`.

        None: not this cloud's node, leave it alone. Only while it carries the uninitialized taint:
        the refresh of addresses crashes on it (node_controller.go up to v0.37, updateNodeAddress).
        """
        ...

    def instance_exists(self, node: JsonObject) -> bool:
        """False only when the cloud is sure that the instance is gone."""
        ...

    def instance_shutdown(self, node: JsonObject) -> bool:
        """Whether the instance exists and is powered off."""
        ...
