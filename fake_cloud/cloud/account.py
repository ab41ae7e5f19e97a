"""The account: every machine of one customer, and what its owner may do to them."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fake_cloud.cloud.clock import Clock, SystemClock
from fake_cloud.cloud.errors import InvalidRequest, NoSuchInstance, QuotaExceeded
from fake_cloud.cloud.machine import Machine, MachineState, Zone
from fake_cloud.cloud.network import Network

ZONES = (Zone("north-1a", "north-1"), Zone("north-1b", "north-1"), Zone("south-1a", "south-1"))
TYPES = ("general-2", "general-4", "compute-8")


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """How the account behaves. Seconds for `latency` (each API call) and `list_lag`.

    `list_lag`: for so long a new machine is missing from lists, though it can be described. `seed`
    decides ids and names; `name_prefix` stands before each machine's name.
    """

    seed: int = 0
    zones: Sequence[Zone] = ZONES
    types: Sequence[str] = TYPES
    quota: int = 500
    page_size: int = 50
    latency: float = 0.0
    list_lag: float = 0.0
    name_prefix: str = "machine"


@dataclass(frozen=True, slots=True)
class MachineOrder:
    """What a new machine shall be. `zone` is an index, `name` empty for one of the cloud's own.

    `addresses` are private ones that it brings along, instead of new ones.
    """

    zone: int = 0
    type: str = ""
    name: str = ""
    private_ips: int = 1
    addresses: tuple[str, ...] = ()
    public: bool = True
    ipv6: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


class Account:
    """Thread-safe. Every method that names a machine raises `NoSuchInstance` for an unknown id."""

    def __init__(self, settings: AccountSettings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self._random = random.Random(settings.seed)  # noqa: S311 - seedable ids, no secrets
        self._network = Network()
        self._machines: dict[str, Machine] = {}
        self._lock = threading.RLock()

    def machines(self) -> Sequence[Machine]:
        """Every machine that has a record, oldest first."""
        with self._lock:
            return tuple(self._machines.values())

    def listed(self) -> Sequence[Machine]:
        """The machines that lists already show."""
        horizon = self.clock.now() - self.settings.list_lag
        return tuple(machine for machine in self.machines() if machine.created_at <= horizon)

    def machine(self, machine_id: str) -> Machine:
        with self._lock:
            if machine_id not in self._machines:
                raise NoSuchInstance(f"404 no machine {machine_id!r}")
            return self._machines[machine_id]

    def named(self, name: str) -> Machine:
        """The newest machine of this name."""
        for machine in reversed(self.machines()):
            if machine.name == name:
                return machine
        raise NoSuchInstance(f"404 no machine named {name!r}")

    def create(self, order: MachineOrder) -> Machine:
        """Raises `QuotaExceeded`, and `InvalidRequest` for a type that is not on sale."""
        kind = order.type or self.settings.types[0]
        if kind not in self.settings.types:
            raise InvalidRequest(f"400 no type {kind!r}; on sale: {', '.join(self.settings.types)}")
        with self._lock:
            if len(self._machines) >= self.settings.quota:
                raise QuotaExceeded(f"the quota is {self.settings.quota} machines")
            machine = self._build(order, kind)
            self._machines[machine.id] = machine
            return machine

    def _build(self, order: MachineOrder, kind: str) -> Machine:
        zone, network = order.zone % len(self.settings.zones), self._network
        digits = f"{self._random.getrandbits(48):012x}"
        return Machine(
            id=f"vm-{digits}",
            name=order.name or f"{self.settings.name_prefix}-{digits[:8]}",
            zone=self.settings.zones[zone],
            type=kind,
            state=MachineState.RUNNING,
            created_at=self.clock.now(),
            private_ips=order.addresses
            or tuple(network.private_ip(zone) for _ in range(order.private_ips)),
            public_ips=(network.public_ip(),) if order.public else (),
            ipv6_ips=(network.ipv6_ip(zone),) if order.ipv6 else (),
            tags=order.tags,
        )

    def set_state(self, machine_id: str, state: MachineState) -> Machine:
        return self._change(machine_id, lambda machine: replace(machine, state=state))

    def renumber(self, machine_id: str) -> Machine:
        """New first private and public address; the old ones are gone."""
        return self._change(machine_id, self._renumbered)

    def _renumbered(self, machine: Machine) -> Machine:
        zone = list(self.settings.zones).index(machine.zone)
        first = self._network.private_ip(zone)
        public = (self._network.public_ip(),) if machine.public_ips else ()
        return replace(machine, private_ips=(first, *machine.private_ips[1:]), public_ips=public)

    def remove(self, machine_id: str) -> Machine:
        """The machine and its record are gone."""
        with self._lock:
            machine = self.machine(machine_id)
            del self._machines[machine_id]
            return machine

    def _change(self, machine_id: str, change: Callable[[Machine], Machine]) -> Machine:
        with self._lock:
            self._machines[machine_id] = change(self.machine(machine_id))
            return self._machines[machine_id]
