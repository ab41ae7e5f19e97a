"""What a provider's maintainer writes (`Provider`) and what the environment lends (`Parts`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable

from conformance.contracts.clusters import Cluster, Ledger
from conformance.contracts.instances import InstanceControl, InstanceView, Kubelet
from conformance.contracts.journal import CloudDisturbance, Fault, Journal
from conformance.contracts.requirements import Need, Setting

BUDGETS: Mapping[str, float] = {
    "node-init": 60.0,
    "node-addresses": 60.0,
    "node-labels": 60.0,
    "node-taint": 60.0,
    "node-removal": 60.0,
    "event": 30.0,
    "restart": 60.0,
    "retry": 120.0,
}
"""Every budget name with its default in seconds: how long a check waits before it refutes."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Periods of the subject in seconds, as it is started, and budgets by the names of `BUDGETS`.

    `node_monitor`: between two rounds of the lifecycle loop. `node_addresses`: between two address
    refreshes. `node_reaction`: the longest time in which a watch-driven reaction to a node would
    have shown. `poll`: how often to re-read cloud views that send no events, None when every change
    appears on the journal or a watch. `attempts`: calls that the subject makes for one question,
    the retries of its SDK included, before it takes an error for the answer.

    Raises ValueError for a number that nobody can wait for, and for an unknown budget.
    """

    node_monitor: float = 5.0
    node_addresses: float = 300.0
    node_reaction: float = 5.0
    poll: float | None = 1.0
    attempts: int = 1
    budgets: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.budgets) - set(BUDGETS))
        if unknown:
            raise ValueError(f"unknown budget {unknown[0]!r}; known: {', '.join(sorted(BUDGETS))}")
        for name in ("node_monitor", "node_addresses", "node_reaction"):
            _check_seconds(f"timing {name}", getattr(self, name))
        if self.poll is not None:
            _check_seconds("timing poll", self.poll)
        for name, seconds in self.budgets.items():
            _check_seconds(f"budget {name!r}", seconds)
        if not isinstance(self.attempts, int) or self.attempts < 1:
            raise ValueError(f"timing attempts: wanted an integer from 1 on, saw {self.attempts!r}")

    def budget(self, name: str) -> float:
        """Seconds for this budget; raises KeyError for a name outside `BUDGETS`."""
        return float(self.budgets.get(name, BUDGETS[name]))

    def hurried(self, factor: float) -> Timing:
        """The same periods with every budget shortened: for runs in which nothing may happen."""
        return replace(self, budgets={name: self.budget(name) * factor for name in BUDGETS})


def _check_seconds(what: str, value: object) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 < value < math.inf:  # type: ignore[operator]
        raise ValueError(f"{what}: wanted seconds, a finite number above 0, saw {value!r}")


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A failure that the provider's maintainer knows of, listed in the adapter's own package."""

    requirement: str
    expectation: str
    issue: str
    expires: str
    """ISO date; after it the failure counts as unexpected again."""


@dataclass(frozen=True, slots=True)
class ProviderOptions:
    """What the operator said about the provider.

    `live` False: against a simulator. `programs` maps a program's name to a path given by the
    operator; `values` are `--provider-option KEY=VALUE`; `defect` and `variant` are planted by
    adapters that have some. `adapter_exec` and `features` are the program or the file that a
    provider is described by. `start_timeout`: seconds after which a start is given up.
    """

    live: bool = False
    defect: str = ""
    variant: str = ""
    programs: Mapping[str, str] = field(default_factory=dict)
    bin_dirs: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    adapter_exec: str = ""
    features: str = ""
    start_timeout: float = 120.0


class SubjectProcess(Protocol):
    """The running subject, one handle for all its replicas."""

    @property
    def alive(self) -> bool: ...

    def stop(self) -> None:
        """End it as an operator would (SIGTERM); returns when it is gone."""
        ...

    def kill(self) -> None:
        """End it at once (SIGKILL); returns when it is gone."""
        ...

    def start(self) -> None:
        """Start it again; returns when it was started, not when it is ready."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """What a started subject gives to checks; None where the adapter has nothing to give.

    A need that was declared and is missing here makes its checks `error`. `logs` are copied as
    evidence, redacted. `standing` is a label selector (empty: all) of nodes that are there already
    and that the subject has initialized, for checks that only look at nodes; None: they make some.
    """

    instances: InstanceView | None = None
    control: InstanceControl | None = None
    kubelet: Kubelet | None = None
    journal: Journal | None = None
    disturb: CloudDisturbance | None = None
    process: SubjectProcess | None = None
    invoke: object | None = None
    traffic: object | None = None
    logs: Sequence[Path] = ()
    standing: str | None = None

    def missing(self, needs: frozenset[Need]) -> frozenset[Need]:
        """Those of `needs` that this offer cannot serve; cluster needs are not its matter."""
        served = {
            Need.VIEW: self.instances,
            Need.JOURNAL: self.journal,
            Need.CONTROL: self.control and self.kubelet,  # an instance that cannot join is useless
            Need.DISTURB: self.disturb,
            Need.PROCESS: self.process,
            Need.INVOKE: self.invoke,
            Need.TRAFFIC: self.traffic,
        }
        return frozenset(need for need in needs if need in served and served[need] is None)


class Parts(Protocol):
    """What the environment lends to a `start`."""

    @property
    def run_id(self) -> str: ...

    @property
    def folder(self) -> Path:
        """A folder of this environment, removed with it."""
        ...

    @property
    def setting(self) -> Setting: ...

    @property
    def ledger(self) -> Ledger: ...

    def secret(self, value: str) -> str:
        """Register a credential and return it: it is masked in everything that is written."""
        ...

    def cluster(self) -> Cluster:
        """Start the cluster on first call; a subject that never calls it starts none."""
        ...

    def program(
        self,
        path: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        name: str = "",
    ) -> AbstractContextManager[Program]:
        """A supervised child, started on entry and gone on exit."""
        ...


class Program(SubjectProcess, Protocol):
    """A supervised child process: no shell, output captured with a limit, ends with its owner."""

    @property
    def log(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """What stands in the run file about the subject, known before it is started.

    `digest` is the program's sha256, `library` the version of `k8s.io/cloud-provider` that it
    links, `simulator` names the stand-in and its patches (empty: a real cloud), `components` are
    versions of everything else that takes part.
    """

    name: str
    version: str = ""
    digest: str = ""
    library: str = ""
    simulator: str = ""
    components: Mapping[str, str] = field(default_factory=dict)


Start: TypeAlias = Callable[[Parts, ProviderOptions], AbstractContextManager[Offer]]


class Provider(Protocol):
    """A provider adapter, found by entry point `cloud_provider_conformance.providers`.

    Everything but `subjects(...)`'s starts is pure: the plan reads it before anything runs.
    """

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> frozenset[str]: ...

    @property
    def timing(self) -> Timing: ...

    @property
    def known_failures(self) -> Sequence[KnownFailure]: ...

    @property
    def live(self) -> bool:
        """Whether `--live` means anything to it."""
        ...

    @property
    def shared_only(self) -> bool:
        """Whether its subject must be at work in the cluster already."""
        ...

    @property
    def private_only(self) -> bool:
        """Whether its subject would touch what others own, so that it needs a cluster of ours."""
        ...

    def needs(self, options: ProviderOptions) -> frozenset[Need]:
        """The needs that it can serve under these options; cluster needs are the backend's."""
        ...

    def faults(self, options: ProviderOptions) -> frozenset[Fault]:
        """The disturbances that it can serve; empty without the need `disturb`."""
        ...

    def settings(self, options: ProviderOptions) -> frozenset[Setting]:
        """Those of `Parts.setting` that its starts honour; rows with another one are excluded."""
        ...

    def gaps(self, options: ProviderOptions) -> Mapping[str, str]:
        """Requirement ids that its simulator cannot decide, each with the reproducer."""
        ...

    def identity(self, options: ProviderOptions) -> Identity:
        """Name, version and digest of the subject; may read its file, starts nothing."""
        ...

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:
        """Each subject that it offers (a `Subject` value) with the way to start it."""
        ...


@runtime_checkable
class DescribedByOptions(Protocol):
    """What a registered provider may also have, if the operator names what describes it."""

    def described(self, options: ProviderOptions) -> Provider:
        """The provider under these options, with a name of its own; starts no subject.

        Raises `conformance.errors.UsageError` when the option is missing.
        """
        ...


@runtime_checkable
class CleansAccounts(Protocol):
    """What a provider with a live mode may also have: `clean` calls it for an unfinished run."""

    def clean(self, options: ProviderOptions, run_id: str, ids: Sequence[str]) -> None:
        """Remove what carries this run's id in the account: `ids`, or all of it without any."""
        ...


@runtime_checkable
class ChoosesControllers(Protocol):
    """What an adapter with several kinds of controllers may also have: `--controllers` chooses."""

    @property
    def controllers(self) -> Mapping[str, Provider]:
        """The adapter that judges with them, by the word of the option."""
        ...


class AdapterDefaults:
    """Optional mix-in: sensible answers for everything a short adapter does not care about."""

    name = ""
    capabilities: frozenset[str] = frozenset()
    timing = Timing()
    known_failures: Sequence[KnownFailure] = ()
    live = False
    private_only = False
    shared_only = False

    def faults(self, options: ProviderOptions) -> frozenset[Fault]:  # noqa: ARG002
        return frozenset()

    def settings(self, options: ProviderOptions) -> frozenset[Setting]:  # noqa: ARG002
        return frozenset({Setting.DEFAULT})

    def gaps(self, options: ProviderOptions) -> Mapping[str, str]:  # noqa: ARG002
        return {}

    def identity(self, options: ProviderOptions) -> Identity:  # noqa: ARG002
        return Identity(self.name)
