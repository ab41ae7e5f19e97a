"""What an operator of the cloud does to a node's instance, and how its kubelet follows."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.checks.case import Case
from conformance.checks.joining import set_ready
from conformance.checks.node import Node


@dataclass(frozen=True, slots=True)
class Readdressed:
    """Addresses that an instance got and lost by a change, of whatever type."""

    gained: frozenset[str]
    lost: frozenset[str]


def terminate(case: Case, node: Node) -> None:
    """The instance ends; its kubelet goes on, for all that the API server knows."""
    case.step(f"terminate instance {node.backing.id}", node=node.name)
    case.control.terminate(node.backing.id)


def lose_instance(case: Case, node: Node) -> None:
    """The instance ends and the kubelet falls silent with it."""
    terminate(case, node)
    set_ready(case, node, ready=None)


def stop_instance(case: Case, node: Node) -> None:
    """The instance is stopped and the kubelet falls silent with it."""
    case.step(f"stop instance {node.backing.id}", node=node.name)
    case.control.stop(node.backing.id)
    set_ready(case, node, ready=None)


def start_instance(case: Case, node: Node) -> None:
    """The instance runs again and its kubelet reports Ready."""
    case.step(f"start instance {node.backing.id}", node=node.name)
    case.control.start(node.backing.id)
    set_ready(case, node, ready=True)


def change_addresses(case: Case, node: Node) -> Readdressed:
    """The instance gets another address set: some of it gained, some of it lost."""
    before = _addresses_now(case, node)
    case.control.change_addresses(node.backing.id)
    after = _addresses_now(case, node)
    changed = Readdressed(after - before, before - after)
    case.step(
        f"change addresses of instance {node.backing.id}",
        gained=sorted(changed.gained),
        lost=sorted(changed.lost),
    )
    return changed


def _addresses_now(case: Case, node: Node) -> frozenset[str]:
    found = case.cloud.get(node.backing.id)
    return frozenset(a.address for a in found.addresses) if found else frozenset()
