"""Nodes that are only looked at: those of somebody's cluster, or new ones."""

from __future__ import annotations

from conformance.checks.case import Case
from conformance.checks.joining import join
from conformance.checks.node import UNINITIALIZED, Node, is_initialized
from conformance.checks.node_conditions import every
from conformance.checks.verdicts import Undecidable
from conformance.contracts.kubernetes import NODES, RUN_LABEL


def standing(case: Case, make: int = 2) -> list[Node]:
    """Initialized nodes, for checks that do nothing to them.

    Those that the adapter's offer names, or else `make` new ones. Raises `Undecidable` when it
    names some and there are none.
    """
    selector = case.offer.standing
    nodes = [join(case) for _ in range(make)] if selector is None else _found(case, selector)
    bare = every(nodes, f"no taint {UNINITIALIZED}", is_initialized)
    case.given("node.init.taint-removed", bare, "node-init")
    return nodes


def _found(case: Case, selector: str) -> list[Node]:
    foreign = ",".join(filter(None, (selector, f"!{RUN_LABEL}")))
    listed = case.kube.list(NODES, label_selector=foreign)["items"]
    if not listed:
        raise Undecidable(
            f"wanted nodes that are there already, saw none with labels {selector or '(any)'}"
        )
    names = [item["metadata"]["name"] for item in listed]
    case.step(f"look at {len(names)} standing nodes", selector=selector)
    return [Node(name, case.timeline) for name in names]
