"""The public surface for adapter authors: everything a `Provider` needs, and nothing else.

What stands here keeps its meaning within one minor version; everything else may change.
"""

from __future__ import annotations

from conformance.contracts.clusters import Cluster, KubernetesDisturbance, Ledger
from conformance.contracts.instances import (
    Address,
    AddressType,
    Instance,
    InstanceControl,
    InstanceShape,
    InstanceState,
    InstanceView,
    Kubelet,
    NodeShape,
    StateExample,
)
from conformance.contracts.journal import (
    CloudCall,
    CloudDisturbance,
    Disturbance,
    Fault,
    Journal,
    Loop,
)
from conformance.contracts.kubernetes import NODES, RUN_LABEL, JsonObject, KubeClient, Resource
from conformance.contracts.providers import (
    AdapterDefaults,
    ChoosesControllers,
    CleansAccounts,
    DescribedByOptions,
    Identity,
    KnownFailure,
    Offer,
    Parts,
    Program,
    Provider,
    ProviderOptions,
    Start,
    SubjectProcess,
    Timing,
)
from conformance.contracts.requirements import Need, Setting, Subject
from conformance.errors import AdapterBroken, UsageError
from conformance.programs import (
    TalkingProgram,
    find_program,
    find_program_linking,
    talking,
)
from conformance.programs.build_info import program_facts
from conformance.strict_yaml import parse as parse_yaml

__all__ = [
    "NODES",
    "RUN_LABEL",
    "AdapterBroken",
    "AdapterDefaults",
    "Address",
    "AddressType",
    "ChoosesControllers",
    "CleansAccounts",
    "CloudCall",
    "CloudDisturbance",
    "Cluster",
    "DescribedByOptions",
    "Disturbance",
    "Fault",
    "Identity",
    "Instance",
    "InstanceControl",
    "InstanceShape",
    "InstanceState",
    "InstanceView",
    "Journal",
    "JsonObject",
    "KnownFailure",
    "KubeClient",
    "Kubelet",
    "KubernetesDisturbance",
    "Ledger",
    "Loop",
    "Need",
    "NodeShape",
    "Offer",
    "Parts",
    "Program",
    "Provider",
    "ProviderOptions",
    "Resource",
    "Setting",
    "Start",
    "StateExample",
    "Subject",
    "SubjectProcess",
    "TalkingProgram",
    "Timing",
    "UsageError",
    "find_program",
    "find_program_linking",
    "parse_yaml",
    "program_facts",
    "talking",
]
