"""Witnesses of the node loops: calls about the node itself, or another node that is acted upon."""

from __future__ import annotations

from conformance.checks.case import Case
from conformance.checks.conditions import Condition
from conformance.checks.instance_changes import change_addresses, lose_instance
from conformance.checks.joining import join, joined, touch
from conformance.checks.node import Node, gone, initialized, shows
from conformance.checks.witness import Consulted, Sentinel
from conformance.contracts.clusters import ApiRequest
from conformance.contracts.journal import CloudCall, Loop


def asked_about(
    case: Case, node: Node, by: Loop = Loop.UNKNOWN, *, disturbed: bool = False
) -> Condition:
    """The journal holds a call about this node since it registered (by this loop, if told).

    `disturbed`: one that we disturbed; then also a list of all instances.
    """
    names = node.backing.names

    def calls() -> list[CloudCall]:
        return [
            call
            for call in case.timeline.calls(node.since)
            if (call.about & names or (disturbed and not call.about))
            and (not by or call.caller in (by, Loop.UNKNOWN))
            and (call.disturbed or not disturbed)
        ]

    return Condition(
        f"a {'disturbed ' if disturbed else ''}call of the subject about {node.name}",
        lambda: bool(calls()),
        lambda: f"{len(calls())} calls",
        about=node.key,
    )


def answered(case: Case, code: int, *, verb: str = "", name: str = "") -> Condition:
    """The API server answered the subject with this status since the case began."""

    def requests() -> list[ApiRequest]:
        return [
            request
            for request in case.timeline.requests(case.opened)
            if verb in ("", request.verb) and name in ("", request.name)
        ]

    return Condition(
        f"the subject's {verb or 'request'} of {name or 'anything'} answered {code}",
        lambda: any(request.status == code for request in requests()),
        lambda: f"statuses {[request.status for request in requests()]}",
    )


def looked_up(case: Case, node: Node) -> Consulted:
    """The initialization loop asked the cloud about this node, prompted by an update of it."""
    return Consulted(
        node.backing.names, Loop.NODE_INITIALIZATION, "retry", lambda: touch(case, node)
    )


def refreshed(node: Node, *, disturbed: bool = False) -> Consulted:
    """The address loop asked the cloud about this node (`disturbed`: and we disturbed that)."""
    names = node.backing.names
    return Consulted(names, Loop.NODE_ADDRESSES, "node-addresses", disturbed=disturbed)


def monitored(*nodes: Node, disturbed: bool = False) -> Consulted:
    """The lifecycle loop asked the cloud about one of these nodes, or for all instances."""
    names = frozenset().union(*(node.backing.names for node in nodes))
    return Consulted(names, Loop.NODE_LIFECYCLE, "node-removal", disturbed=disturbed)


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
