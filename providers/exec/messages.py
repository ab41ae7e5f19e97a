"""The lines of the protocol between a run and an adapter program, one JSON object each.

Version `API_VERSION`. The run asks, the program answers with the same `id`; the answer's kind
belongs to the question's (`ANSWERS`). Beside that the program tells the cloud calls of its subject
(`call`, `called`). Whoever reads a line refuses fields that its version does not know.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

import msgspec

from conformance.api import (
    AddressType,
    Fault,
    InstanceShape,
    InstanceState,
    Loop,
    Need,
    NodeShape,
    Setting,
    Subject,
    Timing,
)

API_VERSION = "conformance.cloud-provider/adapter-exec/v1"

DEFAULTS = Timing()


def _kind(name: str) -> str:
    """`GetInstance` is the kind `get-instance`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object inside a line."""


class Line(Part, frozen=True, kw_only=True, tag_field="kind", tag=_kind):
    """One line. `id` tells which question an answer belongs to."""

    id: int


# From the run to the program


class Options(Part, frozen=True, kw_only=True):
    """What the operator said: `--live`, `--provider-option`, `--program`, `--bin-dir`."""

    live: bool
    values: dict[str, str]
    programs: dict[str, str]
    bin_dirs: list[str]


class ClusterAccess(Part, frozen=True, kw_only=True):
    """Where the subject finds its cluster. The kubeconfig passes the run's disturbances."""

    kubeconfig: str
    version: str


class Describe(Line, frozen=True, kw_only=True):
    """The first line that any process of the program gets. Answer: `described`, within 10 s."""

    apiVersion: str  # noqa: N815 - as in Kubernetes
    options: Options


class Start(Line, frozen=True, kw_only=True):
    """Start this subject. Answer: `started`, when checks may begin.

    `folder` is the program's own and removed after the run. `cluster` is null for a subject
    that was described with `"cluster": false`.
    """

    subject: Subject
    run_id: str
    folder: str
    setting: Setting
    cluster: ClusterAccess | None
    options: Options


class Stop(Line, frozen=True, kw_only=True):
    """End everything. Answer: `done`; the program is terminated right after it."""


class GetInstance(Line, frozen=True, kw_only=True):
    """Ground truth about one instance. Answer: `instance`, null when terminated or unknown."""

    instance: str


class ListInstances(Line, frozen=True, kw_only=True):
    """Ground truth about all that are not terminated. Answer: `instances`."""


class CreateInstance(Line, frozen=True, kw_only=True):
    """Make an instance of this shape. Answer: `instance`, when it runs."""

    shape: InstanceShape


class StopInstance(Line, frozen=True, kw_only=True):
    """Answer: `instance`, when it is stopped."""

    instance: str


class StartInstance(Line, frozen=True, kw_only=True):
    """Answer: `instance`, when it runs again."""

    instance: str


class TerminateInstance(Line, frozen=True, kw_only=True):
    """Answer: `done`, when it is gone."""

    instance: str


class ReplaceInstance(Line, frozen=True, kw_only=True):
    """A new instance under the node name of this one, which is gone then. Answer: `instance`."""

    instance: str


class ChangeAddresses(Line, frozen=True, kw_only=True):
    """At least one address is new and one old one gone. Answer: `instance`."""

    instance: str


class EnterState(Line, frozen=True, kw_only=True):
    """Bring an instance into one of the `states` of `started`. Answer: `done`, when it is there."""

    instance: str
    state: str


class JoinNode(Line, frozen=True, kw_only=True):
    """Register a Node. Answer: `done`, when the API server has it. (`"kubelet": "own"` alone.)"""

    node: str
    shape: NodeShape


class SetReady(Line, frozen=True, kw_only=True):
    """Write the Ready condition, null for Unknown. Answer: `done`. (`"kubelet": "own"` alone.)"""

    node: str
    ready: bool | None


class LeaveNode(Line, frozen=True, kw_only=True):
    """Stop heartbeats, keep the Node. Answer: `done`. (`"kubelet": "own"` alone.)"""

    node: str


class StopProcess(Line, frozen=True, kw_only=True):
    """End the subject as an operator would. Answer: `done`, when it is gone."""


class KillProcess(Line, frozen=True, kw_only=True):
    """End the subject at once. Answer: `done`, when it is gone."""


class StartProcess(Line, frozen=True, kw_only=True):
    """Start the subject again. Answer: `done`, when it was started."""


class AskAlive(Line, frozen=True, kw_only=True):
    """Does the subject run? Answer: `alive`."""


class CleanAccount(Line, frozen=True, kw_only=True):
    """Remove what a live run left: `ids`, or all that carries its id. Answer: `done`."""

    run_id: str
    ids: list[str]


class Recorded(Line, frozen=True, kw_only=True):
    """The answer to a `call`. `fault`: act this out towards the subject; empty: answer it."""

    fault: Fault | None = None
    revision: int | None = None


# From the program to the run


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
    budgets: dict[str, float] = {}


class Identified(Part, frozen=True, kw_only=True):
    """The subject as it stands in the run file."""

    name: str
    version: str = ""
    digest: str = ""
    library: str = ""
    simulator: str = ""
    components: dict[str, str] = {}


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
    capabilities: list[str] = []
    timing: Periods = Periods()
    faults: list[Fault] = []
    settings: tuple[Setting, ...] = (Setting.DEFAULT,)
    gaps: dict[str, str] = {}
    known_failures: list[Known] = []
    live: bool = False
    private_only: bool = False
    kubelet: Literal["stand-in", "own"] = "stand-in"
    unmanaged_labels: dict[str, str] = {}
    answer_seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 60.0


class State(Part, frozen=True, kw_only=True):
    """A state beyond running, stopped and terminated; does an instance in it still exist?"""

    name: str
    exists: bool


class Started(Line, frozen=True, kw_only=True):
    """`logs` are copied as evidence; the program's own standard error always is."""

    logs: list[str] = []
    states: list[State] = []


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
    labels: dict[str, str] = {}


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
    about: list[str] = []
    caller: Loop = Loop.UNKNOWN
    operation: str = ""
    mutating: bool = False
    detail: dict[str, str] = {}


class Called(Line, frozen=True, kw_only=True):
    """That call has ended; `error` is what the subject was answered, empty for success."""

    error: str = ""
    about: list[str] = []
    detail: dict[str, str] = {}


class Secret(Part, frozen=True, kw_only=True, tag_field="kind", tag="secret"):
    """A credential, told before it appears anywhere: it is masked in everything that is written."""

    value: str


Question: TypeAlias = (
    Describe
    | Start
    | Stop
    | GetInstance
    | ListInstances
    | CreateInstance
    | StopInstance
    | StartInstance
    | TerminateInstance
    | ReplaceInstance
    | ChangeAddresses
    | EnterState
    | JoinNode
    | SetReady
    | LeaveNode
    | StopProcess
    | KillProcess
    | StartProcess
    | AskAlive
    | CleanAccount
)
Answer: TypeAlias = Described | Started | Instance | Instances | Done | Alive
Remark: TypeAlias = Call | Called | Secret

ToProgram: TypeAlias = Question | Recorded
FromProgram: TypeAlias = Answer | Error | Remark
