"""Where the Kubernetes API comes from, and how its answers to the subject can be disturbed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from conformance.contracts.audit import AuditReader
from conformance.contracts.kubernetes import KubeClient


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """What the operator said about the cluster.

    `kubernetes` is a minor such as `1.37`, empty for the newest. `bin_dirs` are searched for
    programs before `PATH`. `adopt` is the context that the run may treat as its own. `kind_name`,
    `kind_image` and `kind_config` (a path) are passed on to kind.
    """

    kubernetes: str = ""
    kubeconfig: str = ""
    context: str = ""
    adopt: str = ""
    bin_dirs: tuple[str, ...] = ()
    kind_name: str = ""
    kind_image: str = ""
    kind_config: str = ""


@dataclass(frozen=True, slots=True)
class ClusterProbe:
    """What a backend says before anything is started.

    `private`: each worker gets a cluster of its own, made by the run. `disturbs`: it can refuse,
    hold and cut the subject's requests.
    """

    backend: str
    version: str
    private: bool
    disturbs: bool
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request of the subject, as the disturbing layer saw it. `at` is monotonic seconds.

    `verb` is the Kubernetes verb (get, list, watch, create, update, patch, delete), `status` the
    HTTP status that the subject got (0: the connection was cut), `disturbed` whether we caused it,
    `reason` why the API refused it (as `refusal_reason` reads it from the answer, else empty).
    """

    verb: str
    resource: str
    name: str
    subresource: str
    status: int
    at: float
    disturbed: bool = False
    reason: str = ""


class Hold(Protocol):
    """A request of the subject that is held at the door."""

    def wait_held(self, timeout: float) -> bool:
        """True as soon as a matching request has arrived and is being held."""
        ...

    def release(self) -> None:
        """Let it pass; it reaches the server only now."""
        ...


class KubernetesDisturbance(Protocol):
    """Misbehaviour of the API towards the subject alone; our own client is never touched.

    Selectors that are empty match everything. Each context lifts its disturbance on exit.
    """

    def refuse(
        self, *, verb: str = "", resource: str = "", name: str = "", code: int = 500
    ) -> AbstractContextManager[None]:
        """Answer matching requests with a Status of this code; they never reach the server."""
        ...

    def hold(
        self, *, verb: str = "", resource: str = "", name: str = ""
    ) -> AbstractContextManager[Hold]:
        """Hold the first matching request until released (at the latest on exit)."""
        ...

    def outage(self) -> AbstractContextManager[None]:
        """Cut every connection and refuse new ones."""
        ...

    def expire_watches(self) -> None:
        """End every open watch with 410, so that the subject has to list again."""
        ...

    def subscribe(self, listener: Callable[[ApiRequest], object]) -> Callable[[], None]:
        """Call `listener` for each finished request from now on; returns how to stop that."""
        ...


class Cluster(Protocol):
    """A running Kubernetes API. Everything is ready when the backend yields it.

    `kube` is our own client and goes straight. `subject_kube` and `subject_kubeconfig` are for the
    subject and go through the disturbing layer where there is one.
    """

    @property
    def version(self) -> str:
        """`gitVersion` of the server."""
        ...

    @property
    def kube(self) -> KubeClient: ...

    @property
    def subject_kube(self) -> KubeClient: ...

    @property
    def kubeconfig(self) -> Path: ...

    @property
    def subject_kubeconfig(self) -> Path: ...

    @property
    def disturbance(self) -> KubernetesDisturbance | None: ...

    @property
    def audit(self) -> AuditReader | None:
        """Who did what; None where nobody tells us."""
        ...

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path | None:
        """A kubeconfig for a subject that comes as this user, with the rights that RBAC gives him.

        A service account is a user, too: `system:serviceaccount:NAMESPACE:NAME`, in the groups
        `system:serviceaccounts` and `system:serviceaccounts:NAMESPACE`. Its requests go through the
        disturbing layer like those of the subject. None where we cannot name users.
        """
        ...


@runtime_checkable
class KeepsLogs(Protocol):
    """What a cluster may also have: logs of its programs, evidence when a check does not pass."""

    def logs(self) -> Sequence[Path]:
        """Files of now, with names that tell them apart; may take seconds."""
        ...


class ClusterParts(Protocol):
    """What the environment lends to a backend: a folder of its own and the run's ledger."""

    @property
    def folder(self) -> Path: ...

    @property
    def run_id(self) -> str: ...

    @property
    def ledger(self) -> Ledger: ...

    def secret(self, value: str) -> str:
        """Register a credential and return it: it is masked in everything that is written."""
        ...


class Ledger(Protocol):
    """Everything that the run makes is written here before it is made (fsync), struck out after."""

    def add(self, kind: str, name: str, **facts: str | int | float) -> int:
        """Write an entry and return its number. `kind`: process, object, cloud, folder, ..."""
        ...

    def update(self, number: int, **facts: str | int | float) -> None:
        """Add facts that are known only after creation (a pid, a uid)."""
        ...

    def strike(self, number: int) -> None:
        """The thing is gone, and that was seen."""
        ...


class ClusterBackend(Protocol):
    """A source of clusters, found by entry point `cloud_provider_conformance.clusters`."""

    name: str

    def probe(self, options: ClusterOptions) -> ClusterProbe:
        """Say what `start` would give. Starts nothing.

        Raises `conformance.errors.ClusterUnreachable` or `ProgramMissing`.
        """
        ...

    def start(
        self, options: ClusterOptions, parts: ClusterParts
    ) -> AbstractContextManager[Cluster]:
        """Yield a ready cluster and leave nothing behind on exit."""
        ...
