"""The owner's hand and eye: goes past the recorder, so no disturbance reaches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from conformance.contracts.instances import (
    Address,
    AddressType,
    Instance,
    InstanceShape,
    InstanceState,
    StateExample,
)
from fake_cloud.cloud.account import Account, MachineOrder
from fake_cloud.cloud.errors import NoSuchInstance
from fake_cloud.cloud.machine import Machine, MachineState

STATES: Mapping[MachineState, InstanceState] = {
    MachineState.PROVISIONING: InstanceState.PENDING,
    MachineState.RUNNING: InstanceState.RUNNING,
    MachineState.REBOOTING: InstanceState.RUNNING,
    MachineState.MIGRATING: InstanceState.RUNNING,
    MachineState.STOPPING: InstanceState.STOPPING,
    MachineState.STOPPED: InstanceState.STOPPED,
    MachineState.RETIRED: InstanceState.TERMINATED,
}
"""The cloud's own states in neutral words."""


class Owner:
    """`InstanceView` and `InstanceControl` of one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._made = 0

    def get(self, instance_id: str) -> Instance | None:
        try:
            machine = self._account.machine(instance_id)
        except NoSuchInstance:
            return None
        return None if machine.state is MachineState.RETIRED else truth(machine)

    def list(self) -> Sequence[Instance]:
        machines = self._account.machines()
        return [truth(one) for one in machines if one.state is not MachineState.RETIRED]

    def create(self, shape: InstanceShape) -> Instance:
        self._made += 1
        order = MachineOrder(
            zone=shape.zone,
            type=self._account.settings.types[self._made % len(self._account.settings.types)],
            name=shape.node_name,
            private_ips=shape.private_addresses,
            public=shape.public,
            ipv6=shape.dual_stack,
            tags={"rack": f"r{self._made}", "project": "blue"},
        )
        return truth(self._account.create(order))

    def register(self, name: str, addresses: Sequence[str]) -> Instance:
        """A machine that somebody else runs: it keeps its name and its private addresses."""
        order = MachineOrder(name=name, addresses=tuple(addresses), public=False)
        return truth(self._account.create(order))

    def stop(self, instance_id: str) -> Instance:
        return truth(self._account.set_state(instance_id, MachineState.STOPPED))

    def start(self, instance_id: str) -> Instance:
        return truth(self._account.set_state(instance_id, MachineState.RUNNING))

    def terminate(self, instance_id: str) -> None:
        self._account.remove(instance_id)

    def replace(self, instance_id: str) -> Instance:
        """The successor stands in the next zone, so that nothing of the old one fits it."""
        old = self._account.remove(instance_id)
        zone = list(self._account.settings.zones).index(old.zone) + 1
        shape = InstanceShape(
            zone=zone,
            dual_stack=bool(old.ipv6_ips),
            public=bool(old.public_ips),
            private_addresses=len(old.private_ips),
            node_name=old.name,
        )
        return self.create(shape)

    def change_addresses(self, instance_id: str) -> Instance:
        return truth(self._account.renumber(instance_id))

    def limit_states(self) -> Sequence[StateExample]:
        states = [state for state in MachineState if state not in COMMON]
        return [
            StateExample(state, state is not MachineState.RETIRED, partial(self._enter, state))
            for state in states
        ]

    def _enter(self, state: MachineState, instance_id: str) -> None:
        self._account.set_state(instance_id, state)


COMMON = frozenset({MachineState.RUNNING, MachineState.STOPPED})
"""States that `start` and `stop` already bring about."""


def truth(machine: Machine) -> Instance:
    """What a right controller must make of this machine."""
    return Instance(
        id=machine.id,
        provider_id=f"fake://{machine.link}",
        node_name=machine.name,
        state=STATES[machine.state],
        type=machine.type,
        zone=machine.zone.name,
        region=machine.zone.region,
        addresses=tuple(Address(kind, value) for kind, value in _addresses(machine) if value),
        labels={f"fake.example/{tag}": value for tag, value in machine.tags.items()},
    )


def _addresses(machine: Machine) -> list[tuple[AddressType, str]]:
    return [
        *((AddressType.INTERNAL_IP, ip) for ip in machine.private_ips),
        *((AddressType.INTERNAL_IP, ip) for ip in machine.ipv6_ips),
        *((AddressType.EXTERNAL_IP, ip) for ip in machine.public_ips),
        (AddressType.INTERNAL_DNS, machine.private_dns),
        (AddressType.EXTERNAL_DNS, machine.public_dns),
    ]
