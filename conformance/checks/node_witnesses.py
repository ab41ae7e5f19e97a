"""Witnesses of the node loops: calls about the node itself, or another node that is acted upon."""

from __future__ import annotations

from conformance.checks.case import Case
from conformance.checks.conditions import Condition
from conformance.checks.held_writes import WRITES
from conformance.checks.instance_changes import change_addresses, lose_instance
from conformance.checks.joining import join, joined, touch
from conformance.checks.node import Node
from conformance.checks.node_conditions import gone, initialized, shows
from conformance.checks.witness import Consulted, Sentinel
from conformance.contracts.clusters import ApiRequest
from conformance.contracts.journal import Loop


def refused(case: Case, node: Node, by: Loop) -> Condition:
    """This loop asked about the node so often in vain that it took an error for the answer."""
    witness = Consulted(node.backing.names, by, "retry", failing=True)
    wanted = case.timing.attempts

    def calls() -> int:
        return sum(witness.counts(call) for call in case.timeline.calls(node.since))

    return Condition(
        f"{wanted} disturbed calls of the {by} loop about {node.name}",
        lambda: calls() >= wanted,
        lambda: f"{calls()} calls",
        about=node.key,
    )


def answered(case: Case, code: int, name: str) -> Condition:
    """A write of the subject to the object of this name got this status since the case began."""

    def requests() -> list[ApiRequest]:
        requests = case.timeline.requests(case.opened)
        return [one for one in requests if one.verb in WRITES and one.name == name]

    return Condition(
        f"the subject's write of {name} answered {code}",
        lambda: any(request.status == code for request in requests()),
        lambda: f"statuses {[request.status for request in requests()]}",
    )


def looked_up(case: Case, node: Node, *, failing: bool = False) -> Consulted:
    """The initialization loop asked the cloud about this node, prompted by an update of it.

    With `failing` calls count from its joining on, because a loop may give up at once. Such a check
    must see the node initialized in the end, so that a dead loop does not get away with it.
    """
    return Consulted(
        node.backing.names,
        Loop.NODE_INITIALIZATION,
        "retry",
        lambda: touch(case, node),
        failing=failing,
        since=node.since if failing else None,
    )


def refreshed(node: Node, *, disturbed: bool = False, failing: bool = False) -> Consulted:
    """The address loop asked the cloud about this node."""
    names, budget = node.backing.names, "retry" if failing else "node-addresses"
    return Consulted(names, Loop.NODE_ADDRESSES, budget, disturbed=disturbed, failing=failing)


def monitored(*nodes: Node, failing: bool = False) -> Consulted:
    """The lifecycle loop asked the cloud about one of these nodes, or for all instances."""
    names = frozenset().union(*(node.backing.names for node in nodes))
    budget = "retry" if failing else "node-removal"
    return Consulted(names, Loop.NODE_LIFECYCLE, budget, failing=failing)


def initialization_at_work() -> Sentinel:
    """The initialization loop: each round another node joins and is initialized."""
    return Sentinel(
        lambda case: initialized(join(case)), "node-init", rests_on="node.init.taint-removed"
    )


def addresses_at_work(sentinel: Node) -> Sentinel:
    """The address loop: each round the sentinel's instance gets other addresses.

    The sentinel must have joined before the window, because joining writes addresses too.
    """
    return Sentinel(
        lambda case: _readdressed(case, sentinel), "node-addresses", rests_on="node.addr.refresh"
    )


def lifecycle_at_work() -> Sentinel:
    """The lifecycle loop: each round another node loses its instance and is removed."""
    return Sentinel(_removed, "node-removal", rests_on="life.deleted.removed")


def _removed(case: Case) -> Condition:
    node = joined(case)
    lose_instance(case, node)
    return gone(node)


def _readdressed(case: Case, sentinel: Node) -> Condition:
    return shows(sentinel, change_addresses(case, sentinel).gained)
