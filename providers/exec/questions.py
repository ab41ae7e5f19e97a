"""What the run says to an adapter program, one JSON object a line.

The program answers with the same `id`; which kind the answer must have stands with each question.
"""

from __future__ import annotations

from typing import TypeAlias

from conformance.api import Fault, InstanceShape, NodeShape, Setting, Subject
from providers.exec.lines import Line, Part


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

ToProgram: TypeAlias = Question | Recorded
