"""The run file as values: one header, one outcome per planned requirement, one footer.

JSON Lines, one object a line, told apart by `kind`. Every other format is derived from these.
Unknown fields are refused when a file is read, so additions come with a new `apiVersion`.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

API_VERSION = "conformance.cloud-provider/v1"

OutcomeWord: TypeAlias = Literal[
    "passed",
    "failed",
    "silently-ignored",
    "unsupported",
    "blocked",
    "skipped",
    "error",
    "not-run",
]


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen value that refuses unknown fields."""


class Component(Model, frozen=True, kw_only=True):
    """One program or library that took part: `version`, build facts and sha256 where known."""

    name: str
    version: str = ""
    digest: str = ""
    facts: dict[str, str] = {}


class ClusterFacts(Model, frozen=True, kw_only=True):
    """Backend and version of the Kubernetes API; `fidelity` is said for `embedded` only."""

    backend: str
    version: str
    private: bool = True
    fidelity: str = ""
    facts: dict[str, str] = {}


class PlannedRow(Model, frozen=True, kw_only=True):
    """One requirement of the plan with what a reader needs to judge its outcome.

    `story` says why the promise matters, `decided_by` how the check decides, `sources` who says so.
    """

    requirement: str
    form: Literal["check", "refusal"] = "check"
    revision: int
    title: str
    area: str
    subject: str
    level: Literal["required", "recommended", "optional"]
    profiles: list[str]
    capability: str = ""
    setting: str = "default"
    story: str = ""
    decided_by: str = ""
    sources: list[str] = []


class Exclusion(Model, frozen=True, kw_only=True):
    """A catalogue row that is not in the plan. `reason` is one of a closed list of words.

    Words: `planned`, `not-selected`, `capability-absent`, `need-missing`, `fault-missing`,
    `setting-not-served`, `version`, `simulator-gap`, `subject-not-offered`, `order-not-observable`.
    `detail` says which.
    """

    requirement: str
    area: str
    level: Literal["required", "recommended", "optional"]
    subject: str
    profiles: list[str]
    reason: str
    detail: str = ""


class PlanFacts(Model, frozen=True, kw_only=True):
    """The whole plan. `digest` covers rows and exclusions; `shard` is `i/n`, empty for all."""

    digest: str
    rows: list[PlannedRow]
    exclusions: list[Exclusion]
    shard: str = ""
    whole_digest: str = ""


class Known(Model, frozen=True, kw_only=True):
    """A failure that the adapter's own package lists."""

    requirement: str
    expectation: str
    issue: str
    expires: str


class RunHeader(Model, tag_field="kind", tag="RunHeader", frozen=True, kw_only=True):
    """First line: what was going to be run, against what, and with which periods."""

    apiVersion: str  # noqa: N815 - Kubernetes spelling
    id: str
    started: str
    suite_version: str
    suite_commit: str = ""
    provider: str
    provider_distribution: str = ""
    live: bool
    simulator: str = ""
    subject: Component
    components: list[Component] = []
    cluster: ClusterFacts
    controller_library: str = ""
    capabilities: list[str]
    timing: dict[str, float]
    known: list[Known] = []
    command: list[str]
    subjects_started: list[str] = []
    planted: str = ""
    plan: PlanFacts


class Wait(Model, frozen=True, kw_only=True):
    """One wait of a check: its budget and what was observed, in seconds."""

    expectation: str
    kind: Literal["given", "expect", "quiet"]
    budget: float
    observed: float
    held: bool


class EvidenceFile(Model, frozen=True, kw_only=True):
    """A file in the folder `evidence` beside the run file, with its digest.

    No path leads out of that folder: reports copy what it names, and run files come from strangers.
    """

    path: Annotated[str, msgspec.Meta(pattern=r"^evidence/\w[\w.-]*$")]
    sha256: str
    media_type: str = "application/json"


class Outcome(Model, tag_field="kind", tag="Outcome", frozen=True, kw_only=True):
    """One record. `message` leads with the verdict; empty only for passed.

    `expectation` is what was refuted (failed), what did not hold (blocked) or empty.
    `blocked_by` names the requirement that the premise rests on. `known` and `stale` are
    annotations, and so is `origin`: `shared-library` when the reference controller failed alike.
    `attempts` above 1 is shown as flaky.
    """

    requirement: str
    revision: int
    outcome: OutcomeWord
    duration: float
    started: float = 0.0
    """Seconds since the run began."""
    expectation: str = ""
    message: str = ""
    blocked_by: str = ""
    known: str = ""
    stale: str = ""
    origin: str = ""
    attempts: int = 1
    worker: str = ""
    waits: list[Wait] = []
    leaks: list[str] = []
    evidence: list[EvidenceFile] = []
    reproduce: str = ""


class RunFooter(Model, tag_field="kind", tag="RunFooter", frozen=True, kw_only=True):
    """Last line: counts per outcome word, and the digest of every line, this one included."""

    finished: str
    duration: float
    interrupted: bool = False
    counts: dict[str, int]
    digest: str


Line: TypeAlias = RunHeader | Outcome | RunFooter


class Run(Model, frozen=True, kw_only=True):
    """A whole run file. `footer` is None only for a file that was read as partial."""

    header: RunHeader
    outcomes: list[Outcome]
    footer: RunFooter | None
