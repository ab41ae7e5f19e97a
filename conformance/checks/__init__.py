"""Everything that a suite may import: the decorator, the case's helpers, conditions, witnesses.

A check is a function with one argument, the `Case`. It decides exactly one requirement.
"""

from __future__ import annotations

import pytest

from conformance.checks.case import Case
from conformance.checks.conditions import Condition, Invariant, both, compared, shown, unless
from conformance.checks.held_writes import first_write_held
from conformance.checks.instance_changes import (
    Readdressed,
    change_addresses,
    lose_instance,
    start_instance,
    stop_instance,
    terminate,
)
from conformance.checks.joining import (
    FINALIZER,
    addressed,
    ghost,
    join,
    joined,
    launch,
    register,
    remove,
    replace,
    set_ready,
    touch,
)
from conformance.checks.node import (
    INSTANCE_TYPE,
    PROVIDED_NODE_IP,
    REGION,
    SHUTDOWN,
    UNINITIALIZED,
    ZONE,
    Node,
    addresses,
    is_initialized,
    other_taints,
    provider_id,
    taints,
    topology_labels,
)
from conformance.checks.node_conditions import (
    describes,
    event,
    every,
    gone,
    hides,
    initialized,
    keeps,
    kept,
    labelled,
    node_is,
    shows,
    tainted,
    untainted,
    untouched,
)
from conformance.checks.node_witnesses import (
    addresses_at_work,
    answered,
    initialization_at_work,
    lifecycle_at_work,
    looked_up,
    monitored,
    refreshed,
    refused,
)
from conformance.checks.standing_nodes import standing
from conformance.checks.witness import Acted, Consulted, Sentinel
from conformance.contracts.instances import (
    Address,
    AddressType,
    Instance,
    InstanceShape,
    NodeShape,
    StateExample,
)
from conformance.contracts.journal import CloudCall, Fault, Loop
from conformance.contracts.kubernetes import NODES, RUN_LABEL, JsonObject, PatchType
from conformance.contracts.requirements import Area, Form

MARKER = "conformance"


def requirement(id_: str) -> pytest.MarkDecorator:
    """This function decides the requirement `id_`."""
    return pytest.mark.conformance(id=id_, form=Form.CHECK.value)


def refusal(id_: str) -> pytest.MarkDecorator:
    """This function asks for `id_` where its capability is declared absent."""
    return pytest.mark.conformance(id=id_, form=Form.REFUSAL.value)


__all__ = [
    "FINALIZER",
    "INSTANCE_TYPE",
    "MARKER",
    "NODES",
    "PROVIDED_NODE_IP",
    "REGION",
    "RUN_LABEL",
    "SHUTDOWN",
    "UNINITIALIZED",
    "ZONE",
    "Acted",
    "Address",
    "AddressType",
    "Area",
    "Case",
    "CloudCall",
    "Condition",
    "Consulted",
    "Fault",
    "Form",
    "Instance",
    "InstanceShape",
    "Invariant",
    "JsonObject",
    "Loop",
    "Node",
    "NodeShape",
    "PatchType",
    "Readdressed",
    "Sentinel",
    "StateExample",
    "addressed",
    "addresses",
    "addresses_at_work",
    "answered",
    "both",
    "change_addresses",
    "compared",
    "describes",
    "event",
    "every",
    "first_write_held",
    "ghost",
    "gone",
    "hides",
    "initialization_at_work",
    "initialized",
    "is_initialized",
    "join",
    "joined",
    "keeps",
    "kept",
    "labelled",
    "launch",
    "lifecycle_at_work",
    "looked_up",
    "lose_instance",
    "monitored",
    "node_is",
    "other_taints",
    "provider_id",
    "refreshed",
    "refusal",
    "refused",
    "register",
    "remove",
    "replace",
    "requirement",
    "set_ready",
    "shown",
    "shows",
    "standing",
    "start_instance",
    "stop_instance",
    "tainted",
    "taints",
    "terminate",
    "topology_labels",
    "touch",
    "unless",
    "untainted",
    "untouched",
]
