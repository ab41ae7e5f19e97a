"""Sentinels of the node loops: another node on which the loop under judgement must act."""

from __future__ import annotations

from conformance.checks.case import Case
from conformance.checks.conditions import Condition
from conformance.checks.joining import join, joined, set_ready
from conformance.checks.node import Node, gone, initialized, node_is
from conformance.checks.witness import Sentinel


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
        lambda case: _refreshed(case, sentinel), "node-addresses", rests_on="node.addr.refresh"
    )


def lifecycle_at_work() -> Sentinel:
    """The lifecycle loop: each round another node loses its instance and is removed."""
    return Sentinel(_removed, "node-removal", rests_on="life.deleted.removed")


def _removed(case: Case) -> Condition:
    node = joined(case)
    case.control.terminate(node.backing.id)
    set_ready(case, node, ready=None)
    return gone(node)


def _refreshed(case: Case, sentinel: Node) -> Condition:
    wanted = {a.address for a in case.control.change_addresses(sentinel.backing.id).addresses}
    return node_is(
        sentinel,
        "the instance's new addresses",
        lambda _: {address for _, address in sentinel.addresses} == wanted,
    )
