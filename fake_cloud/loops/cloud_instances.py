"""The provider's own part: answers the loops' questions from the cloud API."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.contracts.instances import Address, AddressType
from conformance.contracts.kubernetes import JsonObject
from fake_cloud.cloud.errors import NoSuchInstance
from fake_cloud.cloud.instance_api import InstanceApi
from fake_cloud.cloud.machine import Machine, MachineState
from fake_cloud.loops.metadata import InstanceNotFound, Metadata
from fake_cloud.loops.taints import UNINITIALIZED, has_taint

PREFIX = "fake://"
UNMANAGED_LABEL, UNMANAGED_VALUE = "fake.example/managed", "false"
"""The mark of nodes that an operator takes care of himself."""


class CloudInstances:
    """`Instances` of the fake cloud. Provider ids read `fake://<region>/<zone>/<machine id>`.

    Small methods on purpose: each is one decision that a provider can get wrong.
    """

    def __init__(self, api: InstanceApi) -> None:
        self._api = api

    def instance_metadata(self, node: JsonObject) -> Metadata | None:
        if not self.manages(node):
            return self.nothing_about(node)
        return self.metadata(self.find_living(node))

    def nothing_about(self, node: JsonObject) -> Metadata | None:
        """None leaves a node that waits for initialization to others; a refresh takes no None."""
        return None if has_taint(node, UNINITIALIZED) else Metadata(provider_id="")

    def instance_exists(self, node: JsonObject) -> bool:
        if not self.manages(node):
            return True
        try:
            return not self.is_gone(self.find(node))
        except InstanceNotFound:
            return False

    def instance_shutdown(self, node: JsonObject) -> bool:
        if not self.manages(node):
            return False
        return self.is_shut_down(self.power(node))

    def manages(self, node: JsonObject) -> bool:
        """Not a node with another provider's id, nor one that bears the unmanaged mark."""
        return self.has_own_provider_id(node) and not self.is_marked_unmanaged(node)

    def has_own_provider_id(self, node: JsonObject) -> bool:
        """Whether its provider id is empty or of this cloud."""
        provider_id = provider_id_of(node)
        return not provider_id or provider_id.startswith(PREFIX)

    def is_marked_unmanaged(self, node: JsonObject) -> bool:
        labels = node["metadata"].get("labels") or {}
        return bool(labels.get(UNMANAGED_LABEL) == UNMANAGED_VALUE)

    def find_living(self, node: JsonObject) -> Machine:
        """As `find`, but a retired machine counts as not found."""
        machine = self.find(node)
        if self.is_gone(machine):
            raise InstanceNotFound(f"machine {machine.id!r} is {machine.state}")
        return machine

    def find(self, node: JsonObject) -> Machine:
        """By provider id when there is one, else by name. Raises `InstanceNotFound`."""
        provider_id = provider_id_of(node)
        try:
            return self.by_provider_id(provider_id) if provider_id else self.by_name(node)
        except NoSuchInstance as error:
            raise InstanceNotFound(str(error)) from error

    def by_provider_id(self, provider_id: str) -> Machine:
        return self._api.describe(machine_id(provider_id))

    def by_name(self, node: JsonObject) -> Machine:
        return self._api.find(node["metadata"]["name"])

    def power(self, node: JsonObject) -> MachineState:
        """The power state, a call of its own. Raises `InstanceNotFound`."""
        provider_id = provider_id_of(node)
        known = machine_id(provider_id) if provider_id else self.find(node).id
        try:
            return self._api.power(known)
        except NoSuchInstance as error:
            raise InstanceNotFound(str(error)) from error

    def is_gone(self, machine: Machine) -> bool:
        return machine.state is MachineState.RETIRED

    def is_shut_down(self, state: MachineState) -> bool:
        return state is MachineState.STOPPED

    def metadata(self, machine: Machine) -> Metadata:
        return Metadata(
            provider_id=self.provider_id(machine),
            instance_type=self.instance_type(machine),
            zone=self.zone(machine),
            region=self.region(machine),
            addresses=tuple(self.addresses(machine)),
            labels=self.labels(machine),
        )

    def provider_id(self, machine: Machine) -> str:
        return f"{PREFIX}{machine.zone.region}/{machine.zone.name}/{machine.id}"

    def instance_type(self, machine: Machine) -> str:
        return machine.type

    def zone(self, machine: Machine) -> str:
        return machine.zone.name

    def region(self, machine: Machine) -> str:
        return machine.zone.region

    def addresses(self, machine: Machine) -> list[Address]:
        """Private before public, IPv4 before IPv6, names last; none at all without any IP."""
        internal, external = AddressType.INTERNAL_IP, AddressType.EXTERNAL_IP
        ips = [Address(internal, ip) for ip in machine.private_ips + machine.ipv6_ips]
        ips += [Address(external, ip) for ip in machine.public_ips]
        return ips + self.dns_names(machine) if ips else []

    def dns_names(self, machine: Machine) -> list[Address]:
        public = [Address(AddressType.EXTERNAL_DNS, machine.public_dns)]
        return [
            Address(AddressType.INTERNAL_DNS, machine.private_dns),
            *(public if machine.public_dns else ()),
        ]

    def labels(self, machine: Machine) -> Mapping[str, str]:
        """The machine's tags, and one label in a namespace that the loop has to refuse."""
        tags = {f"fake.example/{tag}": value for tag, value in machine.tags.items()}
        return {**tags, "fake.kubernetes.io/machine": machine.id}


def provider_id_of(node: JsonObject) -> str:
    return str(node.get("spec", {}).get("providerID") or "")


def machine_id(provider_id: str) -> str:
    return provider_id.rpartition("/")[2]
