"""What an adapter program says to the run: answers, and remarks about the calls of its subject.

Whoever reads a line refuses fields that its version does not know.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from conformance.api import AddressType, Fault, InstanceState, Loop, Need, Setting, Subject, Timing
from providers.exec.lines import Line, Part

DEFAULTS = Timing()


class SubjectNeeds(Part, frozen=True, kw_only=True):
    """What has to stand before the start."""

    cluster: bool = True


class Periods(Part, frozen=True, kw_only=True):
    """Seconds, as `conformance.api.Timing` explains them; `attempts` is a number of calls."""

    node_monitor: float = DEFAULTS.node_monitor
    node_addresses: float = DEFAULTS.node_addresses
    node_reaction: float = DEFAULTS.node_reaction
    poll: float | None = DEFAULTS.poll
    attempts: int = DEFAULTS.attempts
    budgets: dict[str, float] = msgspec.field(default_factory=dict)


class Identified(Part, frozen=True, kw_only=True):
    """The subject as it stands in the run file."""

    name: str
    version: str = ""
    digest: str = ""
    library: str = ""
    simulator: str = ""
    components: dict[str, str] = msgspec.field(default_factory=dict)


class Known(Part, frozen=True, kw_only=True):
    """A failure that the maintainer knows of, until the date `expires`."""

    requirement: str
    expectation: str
    issue: str
    expires: str


class Described(Line, frozen=True, kw_only=True):
    """Everything that the plan is made of. Pure: the same answer to the same options, each time.

    `kubelet`: who makes nodes, the run (`stand-in`) or the program (`own`); `unmanaged_labels` tell
    the provider to leave a node alone. `private_only`: its subject acts on every node that it sees,
    so it runs on clusters that the run makes. `answer_seconds`: how long a later answer may take.
    """

    apiVersion: str  # noqa: N815 - as in Kubernetes
    name: str
    needs: list[Need]
    subjects: dict[Subject, SubjectNeeds]
    identity: Identified
    capabilities: list[str] = msgspec.field(default_factory=list)
    timing: Periods = Periods()
    faults: list[Fault] = msgspec.field(default_factory=list)
    settings: tuple[Setting, ...] = (Setting.DEFAULT,)
    gaps: dict[str, str] = msgspec.field(default_factory=dict)
    known_failures: list[Known] = msgspec.field(default_factory=list)
    live: bool = False
    private_only: bool = False
    kubelet: Literal["stand-in", "own"] = "stand-in"
    unmanaged_labels: dict[str, str] = msgspec.field(default_factory=dict)
    answer_seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 60.0


class State(Part, frozen=True, kw_only=True):
    """A state beyond running, stopped and terminated; does an instance in it still exist?"""

    name: str
    exists: bool


class Started(Line, frozen=True, kw_only=True):
    """`logs` are copied as evidence; the program's own standard error always is."""

    logs: list[str] = msgspec.field(default_factory=list)
    states: list[State] = msgspec.field(default_factory=list)


class At(Part, frozen=True, kw_only=True):
    """One address."""

    type: AddressType
    address: str


class Told(Part, frozen=True, kw_only=True):
    """One instance, with the words of `conformance.api.Instance`."""

    id: str
    provider_id: str
    node_name: str
    state: InstanceState
    addresses: list[At]
    type: str = ""
    zone: str = ""
    region: str = ""
    labels: dict[str, str] = msgspec.field(default_factory=dict)


class Instance(Line, frozen=True, kw_only=True):
    """An answer about one instance."""

    instance: Told | None


class Instances(Line, frozen=True, kw_only=True):
    """An answer about all instances."""

    instances: list[Told]


class Done(Line, frozen=True, kw_only=True):
    """It was done."""


class Alive(Line, frozen=True, kw_only=True):
    """Whether the subject runs."""

    alive: bool


class Error(Line, frozen=True, kw_only=True):
    """It could not be done; the message reaches the run file. An answer to any question."""

    message: str


class Call(Line, frozen=True, kw_only=True):
    """The subject calls the cloud, and waits. The run answers `recorded`, then the program answers
    the subject. `id` is the program's own; words are those of `conformance.api.CloudCall`.

    `mutating`: the run stamps the call with the cluster's revision before it answers.
    """

    resource: str
    verb: str
    about: list[str] = msgspec.field(default_factory=list)
    caller: Loop = Loop.UNKNOWN
    operation: str = ""
    mutating: bool = False
    detail: dict[str, str] = msgspec.field(default_factory=dict)


class Called(Line, frozen=True, kw_only=True):
    """That call has ended; `error` is what the subject was answered, empty for success."""

    error: str = ""
    about: list[str] = msgspec.field(default_factory=list)
    detail: dict[str, str] = msgspec.field(default_factory=dict)


class Secret(Part, frozen=True, kw_only=True, tag_field="kind", tag="secret"):
    """A credential, told before it appears anywhere: it is masked in everything that is written."""

    value: str


Answer: TypeAlias = Described | Started | Instance | Instances | Done | Alive
Remark: TypeAlias = Call | Called | Secret

FromProgram: TypeAlias = Answer | Error | Remark
