"""Instances: what the cloud says (view), what a check may do to them (control), how they join."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class InstanceState(StrEnum):
    """States in neutral words; adapters map their cloud's own states to these."""

    PENDING = "pending"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    TERMINATED = "terminated"


class AddressType(StrEnum):
    """Node address types (k8s.io/api core/v1 NodeAddressType)."""

    HOSTNAME = "Hostname"
    INTERNAL_IP = "InternalIP"
    EXTERNAL_IP = "ExternalIP"
    INTERNAL_DNS = "InternalDNS"
    EXTERNAL_DNS = "ExternalDNS"


@dataclass(frozen=True, slots=True)
class Address:
    """One node address as the cloud knows it."""

    type: AddressType
    address: str


@dataclass(frozen=True, slots=True)
class Instance:
    """The adapter's ground truth about one instance.

    `provider_id` is exactly what `Node.spec.providerID` must become, `node_name` the name under
    which its kubelet registers, `addresses` in the order that the cloud prefers, `labels` the
    additional labels that the provider promises.
    """

    id: str
    provider_id: str
    node_name: str
    state: InstanceState
    type: str
    zone: str
    region: str
    addresses: tuple[Address, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Every word under which a journal entry may speak about this instance."""
        return frozenset({self.id, self.provider_id, self.node_name})


@dataclass(frozen=True, slots=True)
class InstanceShape:
    """What a check asks for. Empty fields: the adapter chooses.

    `zone` is an index into the adapter's zones (0, 1), so that no check names a provider's zone.
    `private_addresses` is how many internal IPs it shall have.
    """

    zone: int = 0
    dual_stack: bool = False
    public: bool = True
    private_addresses: int = 1
    node_name: str = ""


class InstanceView(Protocol):
    """Ground truth: reads the cloud itself, past every disturbance."""

    def get(self, instance_id: str) -> Instance | None:
        """None when the cloud no longer knows it or it is terminated."""
        ...

    def list(self) -> Sequence[Instance]:
        """Every instance that is not terminated."""
        ...


class InstanceControl(Protocol):
    """Out-of-band changes, done as an operator of the cloud would do them.

    Each call returns when the cloud reports the new state.
    """

    def create(self, shape: InstanceShape) -> Instance: ...

    def stop(self, instance_id: str) -> Instance: ...

    def start(self, instance_id: str) -> Instance: ...

    def terminate(self, instance_id: str) -> None: ...

    def replace(self, instance_id: str) -> Instance:
        """A new instance under the old one's node name; the old one is gone."""
        ...

    def change_addresses(self, instance_id: str) -> Instance:
        """Give it another address set: at least one address new, at least one old one gone."""
        ...

    def limit_states(self) -> Sequence[StateExample]:
        """Other states this cloud has and whether an instance in them still exists."""
        ...


@dataclass(frozen=True, slots=True)
class StateExample:
    """A state of the cloud beyond running, stopped and terminated.

    `exists`: whether an instance in it still exists. `enter(id)` brings one there, and returns when
    the cloud reports it.
    """

    name: str
    exists: bool
    enter: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class NodeShape:
    """How a node registers. Defaults are those of a kubelet with `--cloud-provider=external`.

    `ready` None: no Ready condition is written at all. `unmanaged`: it bears the mark by which an
    operator tells this provider to leave a node alone (capability `unmanagedNodes`).
    """

    tainted: bool = True
    unmanaged: bool = False
    provider_id: str = ""
    provided_ip: str = ""
    ready: bool | None = True
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Mapping[str, str], ...] = ()
    addresses: tuple[Address, ...] | None = None
    pod_cidrs: tuple[str, ...] = ()
    finalizers: tuple[str, ...] = ()
    unschedulable: bool = False


class Kubelet(Protocol):
    """Makes instances join as nodes: the stand-in on simulators, real kubelets on a live cloud."""

    def join(self, node_name: str, shape: NodeShape) -> None:
        """Register a Node of this name; returns when the API server has it."""
        ...

    def set_ready(self, node_name: str, ready: bool | None) -> None:
        """Write the Ready condition (None: status Unknown)."""
        ...

    def leave(self, node_name: str) -> None:
        """Stop heartbeats; the Node object stays."""
        ...
