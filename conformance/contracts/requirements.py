"""The catalogue row, and the closed word lists that rows and plans are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Subject(StrEnum):
    """Whose promise a requirement is; a failure is charged to the subject alone."""

    CLOUD_CONTROLLER = "cloud-controller"
    CREDENTIAL_PLUGIN = "credential-plugin"
    CSI_DRIVER = "csi-driver"
    STORAGE_CONTROLLERS = "storage-controllers"
    NETWORK_PROXY = "network-proxy"
    KUBELET = "kubelet"


class Level(StrEnum):
    """`recommended` is shown and never changes claim or exit code; `optional` has a capability."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class Need(StrEnum):
    """What a check must be able to do."""

    KUBERNETES = "kubernetes"
    KUBERNETES_DISTURB = "kubernetes-disturb"
    VIEW = "view"
    JOURNAL = "journal"
    CONTROL = "control"
    DISTURB = "disturb"
    PROCESS = "process"
    INVOKE = "invoke"
    TRAFFIC = "traffic"


class Setting(StrEnum):
    """Flags or replicas of the subject that some rows ask for; one environment for each."""

    DEFAULT = "default"
    ADDRESS_PERIOD_LONG = "address-period-long"
    TWO_REPLICAS = "two-replicas"


class Form(StrEnum):
    """Which of the two functions under one id is planned."""

    CHECK = "check"
    REFUSAL = "refusal"


CORE = frozenset({Need.KUBERNETES, Need.VIEW, Need.JOURNAL, Need.CONTROL, Need.INVOKE})

PROFILES: Mapping[str, frozenset[Need]] = {
    "core": CORE,
    "disturbed": CORE | {Need.DISTURB, Need.KUBERNETES_DISTURB},
    "process": CORE | {Need.PROCESS},
    "traffic": CORE | {Need.TRAFFIC},
}
"""A requirement is in every profile whose set holds all its needs."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One promise, under a permanent dotted id.

    `title` is one sentence; `story` says why it matters to users; `decided_by` says how the check
    decides; `deadline` is the budget (a name of `BUDGETS`) in which it does; `witness` says how a
    quiet row knows that the loop was at work; `rests_on` are ids that are premises; `faults` are
    disturbances that must be on offer; `versions` maps an axis to a range in that component's own
    numbers (`{"controller-library": ">=0.30"}`); `planned` is the reason why there is no check yet
    (empty: there is one).
    """

    id: str
    title: str
    area: str
    subject: Subject
    level: Level
    needs: frozenset[Need]
    decided_by: str
    sources: tuple[str, ...]
    story: str = ""
    deadline: str = ""
    revision: int = 1
    capability: str = ""
    refusable: bool = False
    setting: Setting = Setting.DEFAULT
    witness: str = ""
    rests_on: tuple[str, ...] = ()
    faults: frozenset[str] = frozenset()
    versions: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    planned: str = ""

    @property
    def profiles(self) -> tuple[str, ...]:
        """Every profile that this requirement belongs to, in the order of `PROFILES`."""
        return tuple(name for name, needs in PROFILES.items() if self.needs <= needs)


@dataclass(frozen=True, slots=True)
class Capability:
    """An optional feature that a provider declares."""

    id: str
    sentence: str
    level: Level
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Area:
    """A group of requirements = one suite.

    Found by entry point `cloud_provider_conformance.suites`. `package` holds the checks;
    `catalogue` is a YAML file inside that package, or empty for the built-in file of the area's
    name in `conformance/requirements`.
    """

    name: str
    package: str
    catalogue: str = ""
