"""Bugs of what the provider answers: wrong machine, wrong words, stale facts."""

from __future__ import annotations

import random
from dataclasses import replace

from conformance.contracts.instances import Address, AddressType
from conformance.contracts.kubernetes import JsonObject
from fake_cloud.cloud.instance_api import InstanceApi
from fake_cloud.cloud.machine import Machine
from fake_cloud.loops.cloud_instances import CloudInstances, provider_id_of
from fake_cloud.loops.metadata import InstanceNotFound, Metadata
from fake_cloud.planting import defect


@defect("node.init.provider-id-set")
class NameForId(CloudInstances):
    """The id ends in the machine's name, which is not what the cloud calls it."""

    def provider_id(self, machine: Machine) -> str:
        return super().provider_id(machine).replace(machine.id, machine.name)


@defect("node.init.provider-id-format")
class BareId(CloudInstances):
    """The id comes without the scheme by which others tell clouds apart."""

    def provider_id(self, machine: Machine) -> str:
        return machine.id


@defect("node.init.provider-id-unique")
class TruncatedId(CloudInstances):
    """The id is cut to a length at which machines become one."""

    def provider_id(self, machine: Machine) -> str:
        return super().provider_id(machine).replace(machine.id, machine.id[:2])


@defect("node.init.provider-id-preset-kept")
class TrustsTheNameFirst(CloudInstances):
    """A node with an id is looked up by its name all the same."""

    def find(self, node: JsonObject) -> Machine:
        return self._api.find(node["metadata"]["name"])


@defect("node.init.provider-id-preset-kept")
class TypeAndZoneByName(CloudInstances):
    """Addresses are looked up by the id, type and zone still by the node's name."""

    def instance_metadata(self, node: JsonObject) -> Metadata | None:
        by_id = super().instance_metadata(node)
        if by_id is None:
            return None
        named = self.metadata(self.by_name(node))
        return replace(by_id, instance_type=named.instance_type, zone=named.zone)


@defect("node.init.lookup-without-provider-id")
class FindsByIdOnly(CloudInstances):
    """A kubelet that registers with nothing but a name is never matched to its machine."""

    def find(self, node: JsonObject) -> Machine:
        if not provider_id_of(node):
            raise InstanceNotFound("no provider id to look it up by")
        return super().find(node)


@defect("node.init.instance-type-labels")
class FlavourNumberForType(CloudInstances):
    """The number of the flavour instead of its name: nobody selects nodes by that."""

    def instance_type(self, machine: Machine) -> str:
        return str(sum(machine.type.encode()))


@defect("node.init.region-labels")
class ZoneForRegion(CloudInstances):
    """Every zone looks like a region of its own."""

    def region(self, machine: Machine) -> str:
        return machine.zone.name


@defect("node.init.zone-is-the-instances")
class ZoneOfTheLeader(CloudInstances):
    """The metadata service of the controller's own host is asked: all nodes are where the leader is
    (outscale cloud-provider-osc issue 149)."""

    home = ""

    def zone(self, machine: Machine) -> str:
        self.home = self.home or machine.zone.name
        return self.home


@defect("node.init.name-reuse")
class CachesByName(CloudInstances):
    """A machine replaced under its old name is described by the dead one's facts
    (cloud-provider-vsphere issue 501)."""

    def __init__(self, api: InstanceApi) -> None:
        super().__init__(api)
        self.seen: dict[str, Metadata] = {}

    def instance_metadata(self, node: JsonObject) -> Metadata | None:
        name = node["metadata"]["name"]
        if name not in self.seen and (found := super().instance_metadata(node)):
            self.seen[name] = found
        return self.seen.get(name)


@defect("node.init.name-reuse")
class CachesTypeByName(CloudInstances):
    """Only what never changes is cached, but by name: the successor has the dead machine's type."""

    def __init__(self, api: InstanceApi) -> None:
        super().__init__(api)
        self.types: dict[str, str] = {}

    def instance_type(self, machine: Machine) -> str:
        return self.types.setdefault(machine.name, super().instance_type(machine))


@defect("node.init.not-managed")
class ForeignGetsInitialized(CloudInstances):
    """A node with another cloud's id is found by its name and freed before its own cloud has
    described it."""

    def instance_metadata(self, node: JsonObject) -> Metadata | None:
        if self.has_own_provider_id(node):
            return super().instance_metadata(node)
        return super().instance_metadata({**node, "spec": {}})


@defect("node.init.not-managed")
class ClaimsUnmanagedNodes(CloudInstances):
    """A node that an operator marked as his own is initialized like any other."""

    def instance_metadata(self, node: JsonObject) -> Metadata | None:
        return self.metadata(self.find_living(node))


@defect("node.addr.match")
class PrivateAsExternal(CloudInstances):
    """The private address is published as external: traffic from outside goes nowhere."""

    def addresses(self, machine: Machine) -> list[Address]:
        external = AddressType.EXTERNAL_IP
        found = super().addresses(machine)
        return [
            Address(external, one.address) if one.type is AddressType.INTERNAL_IP else one
            for one in found
        ]


@defect("node.addr.ip")
class NamesOnly(CloudInstances):
    """Names are taken for enough: pods on the host's network get no address and never start."""

    def addresses(self, machine: Machine) -> list[Address]:
        return self.dns_names(machine)


@defect("node.addr.no-dup")
class ListsAnAddressTwice(CloudInstances):
    """The primary address appears once for the machine and once for its network card."""

    def addresses(self, machine: Machine) -> list[Address]:
        found = super().addresses(machine)
        return found[:1] + found


@defect("node.addr.dual-stack")
class ForgetsIPv6(CloudInstances):
    """Only the first family is published (kubernetes issue 118315)."""

    def addresses(self, machine: Machine) -> list[Address]:
        return [one for one in super().addresses(machine) if ":" not in one.address]


@defect("node.addr.order-stable")
class ShufflesAddresses(CloudInstances):
    """The order follows the iteration of a map: the primary address flips at random."""

    def addresses(self, machine: Machine) -> list[Address]:
        found = super().addresses(machine)
        return random.sample(found, len(found))
