"""What exists before and after a check: what appeared and stayed is a leak."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.checks.clean_up import Leak
from conformance.checks.read_back import ReadView
from conformance.contracts.kubernetes import NODES, RUN_LABEL
from conformance.contracts.requirements import Need
from conformance.environment import Environment


@dataclass(frozen=True, slots=True)
class Inventory:
    """Names of nodes and ids of instances."""

    nodes: frozenset[str]
    instances: frozenset[str]

    def leaks_since(self, before: Inventory) -> list[Leak]:
        """Things that are here now and were not before; the subject left them."""
        nodes = [Leak(f"node {name}", ours=False) for name in sorted(self.nodes - before.nodes)]
        fresh = sorted(self.instances - before.instances)
        return nodes + [Leak(f"instance {id_}", ours=False) for id_ in fresh]


def take(
    environment: Environment, subject: str, needs: frozenset[Need], *, private: bool
) -> Inventory:
    """Read cluster and cloud themselves; only what this check's needs give access to."""
    nodes: frozenset[str] = frozenset()
    instances: frozenset[str] = frozenset()
    if Need.KUBERNETES in needs:
        selector = "" if private else f"{RUN_LABEL}={environment.run_id}"
        listed = environment.cluster().kube.list(NODES, label_selector=selector)
        nodes = frozenset(item["metadata"]["name"] for item in listed["items"])
    view = environment.offer(subject).instances
    if Need.VIEW in needs and view is not None:
        instances = frozenset(instance.id for instance in ReadView(view).list())
    return Inventory(nodes, instances)
