"""One machine as the cloud's own database holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class MachineState(StrEnum):
    """The cloud's own lifecycle states."""

    PROVISIONING = "provisioning"
    RUNNING = "running"
    REBOOTING = "rebooting"
    MIGRATING = "migrating"
    STOPPING = "stopping"
    STOPPED = "stopped"
    RETIRED = "retired"
    """Gone for good; the record stays readable for billing."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A place for machines inside a region."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Machine:
    """`name` is the host name that its system reports; addresses are in the cloud's order."""

    id: str
    name: str
    zone: Zone
    type: str
    state: MachineState
    created_at: float
    private_ips: tuple[str, ...]
    public_ips: tuple[str, ...] = ()
    ipv6_ips: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """The resource path that is unique in the whole cloud."""
        return f"{self.zone.region}/{self.zone.name}/{self.id}"

    @property
    def private_dns(self) -> str:
        return f"{self.name}.{self.zone.name}.internal.fake.example"

    @property
    def public_dns(self) -> str:
        """Empty for a machine without a public address."""
        return f"{self.id}.{self.zone.region}.fake.example" if self.public_ips else ""
