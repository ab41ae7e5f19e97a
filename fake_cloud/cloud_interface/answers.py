"""Answers the methods of `cloudprovider.Interface` from the same parts as the loops in Python.

Whatever is planted in those parts is so planted under the real controllers, too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from conformance.contracts.journal import Loop
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud.instance_api import InstanceApi
from fake_cloud.loops.metadata import Instances, Metadata

PROVIDER = "fake"

Arguments: TypeAlias = Mapping[str, Any]
Question: TypeAlias = Callable[[Instances, Arguments], Any]


def _metadata(instances: Instances, arguments: Arguments) -> dict[str, Any] | None:
    found = instances.instance_metadata(arguments["node"])
    return None if found is None else as_json(found)


INSTANCES_V2: Mapping[str, Question] = {
    "InstancesV2.InstanceExists": lambda instances, said: instances.instance_exists(said["node"]),
    "InstancesV2.InstanceShutdown": lambda instances, said: instances.instance_shutdown(
        said["node"]
    ),
    "InstancesV2.InstanceMetadata": _metadata,
}


class CloudInterface:
    """One controller's view of the cloud. A controller that connects anew begins from nothing."""

    interfaces = ("InstancesV2",)

    def __init__(self, blueprint: Blueprint, api: InstanceApi) -> None:
        self._blueprint = blueprint
        self._api = api
        self._lock = threading.Lock()
        self._instances: dict[Loop, Instances] = {}

    def answer(self, method: str, caller: Loop, arguments: Arguments) -> Any:
        """The result as JSON. Raises what the loops get raised; KeyError for a wrong one."""
        if method == "Cloud.Connect":
            return self._connect()
        return INSTANCES_V2[method](self._asked_by(caller), arguments)

    def _connect(self) -> dict[str, Any]:
        with self._lock:
            self._instances = {}
        return {"provider": PROVIDER, "interfaces": list(self.interfaces)}

    def _asked_by(self, caller: Loop) -> Instances:
        """Each loop has its own, as in `fake_cloud.loops.cloud_controller`."""
        with self._lock:
            if caller not in self._instances:
                self._instances[caller] = self._blueprint.instances(self._api.charged_to(caller))
            return self._instances[caller]


def as_json(metadata: Metadata) -> dict[str, Any]:
    """`cloudprovider.InstanceMetadata` with the names of our Go program."""
    return {
        "providerID": metadata.provider_id,
        "instanceType": metadata.instance_type,
        "nodeAddresses": [
            {"type": one.type.value, "address": one.address} for one in metadata.addresses
        ],
        "zone": metadata.zone,
        "region": metadata.region,
        "additionalLabels": dict(metadata.labels),
    }
