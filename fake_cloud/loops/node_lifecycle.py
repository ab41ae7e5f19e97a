"""Removes nodes whose instance is gone, marks those that are shut down (`MonitorNodes`)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from conformance.contracts.kubernetes import NODES, ApiError, ApiUnreachable, Conflict, JsonObject
from fake_cloud.loops.loop_parts import RETRIABLE, LoopParts
from fake_cloud.loops.taints import SHUTDOWN, Taint, has_taint, taints_of, with_taint, without

TAINT_STEPS = 5
"""Attempts of one taint write against conflicts (updateTaintBackoff in node/helpers/taints.go)."""


class NodeLifecycle:
    """Every period all nodes, several at once, as k8s.io/cloud-provider does since v0.37."""

    component = "cloud-node-lifecycle-controller"

    def __init__(self, parts: LoopParts) -> None:
        self.parts = parts

    def run(self) -> None:
        """A round at once, and one each period after, until the life ends."""
        if not self.parts.nodes.wait_synced():
            return
        with ThreadPoolExecutor(self.parts.periods.lifecycle_workers, "node-lifecycle") as pool:
            self.round(pool)
            while not self.parts.lifeline.wait(self.parts.periods.monitor):
                self.round(pool)

    def round(self, pool: ThreadPoolExecutor) -> None:
        for _ in pool.map(self.process, self.nodes()):
            pass

    def nodes(self) -> Sequence[JsonObject]:
        """The nodes of one round."""
        return self.parts.nodes.objects()

    def process(self, node: JsonObject) -> None:
        """An error of one node waits for the next round and holds up nobody else."""
        self.parts.lifeline.check()
        try:
            self.monitor(node)
        except RETRIABLE as error:
            self.on_failure(node, error)

    def on_failure(self, node: JsonObject, error: Exception) -> None:
        self.parts.log.info("lifecycle of %s: %s", node["metadata"]["name"], error)

    def monitor(self, node: JsonObject) -> None:
        if self.is_ready(node):
            self.clear_shutdown(node)
        elif not self.exists(node):
            self.remove(node)
        elif self.is_shut_down(node):
            self.mark_shut_down(node)

    def is_ready(self, node: JsonObject) -> bool:
        """Ready=True; a node without that condition counts as unknown, so not ready."""
        conditions = node.get("status", {}).get("conditions") or ()
        return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)

    def exists(self, node: JsonObject) -> bool:
        return self.parts.instances.instance_exists(node)

    def is_shut_down(self, node: JsonObject) -> bool:
        return self.parts.instances.instance_shutdown(node)

    def remove(self, node: JsonObject) -> None:
        """Say it, delete the node, and say so when the API refuses."""
        name = node["metadata"]["name"]
        self.announce_removal(node)
        try:
            self.delete(node)
        except (ApiError, ApiUnreachable) as error:
            self.parts.log.warning("deletion of %s: %s", name, error)
            why = error.message if isinstance(error, ApiError) else error
            self.parts.events.warning(
                named(node), "DeletingNodeFailed", f"Failed deleting node {name}: {why}"
            )

    def announce_removal(self, node: JsonObject) -> None:
        name = node["metadata"]["name"]
        self.parts.events.normal(
            named(node),
            "DeletingNode",
            f"Deleting node {name} because it does not exist in the cloud provider",
        )

    def delete(self, node: JsonObject) -> None:
        self.parts.kube.delete(NODES, node["metadata"]["name"])

    def shutdown_taint(self) -> Taint:
        return {"key": SHUTDOWN, "effect": "NoSchedule"}

    def mark_shut_down(self, node: JsonObject) -> None:
        self.change_taints(node, self.with_shutdown_taint)

    def clear_shutdown(self, node: JsonObject) -> None:
        """No call at all for a node that does not carry the taint."""
        if has_taint(node, SHUTDOWN):
            self.change_taints(node, self.without_shutdown_taint)

    def with_shutdown_taint(self, taints: list[Taint]) -> list[Taint]:
        return with_taint(taints, self.shutdown_taint())

    def without_shutdown_taint(self, taints: list[Taint]) -> list[Taint]:
        return without(taints, self.shutdown_taint())

    def change_taints(self, node: JsonObject, change: Callable[[list[Taint]], list[Taint]]) -> None:
        """Read, change, write; again after a conflict, so that no other writer's taint is lost."""
        for _ in range(TAINT_STEPS - 1):
            try:
                return self.change_taints_once(node, change)
            except Conflict:
                pause = self.parts.periods.conflict
                self.parts.lifeline.wait(pause + pause * random.random())  # noqa: S311 - jitter
        return self.change_taints_once(node, change)

    def change_taints_once(
        self, node: JsonObject, change: Callable[[list[Taint]], list[Taint]]
    ) -> None:
        """Raises `Conflict` when somebody else wrote since the read."""
        fresh = self.parts.kube.get(NODES, node["metadata"]["name"])
        taints = taints_of(fresh)
        changed = change(taints)
        if changed != taints:
            self.write_taints(fresh, changed)

    def write_taints(self, fresh: JsonObject, taints: list[Taint]) -> None:
        """The revision in the patch makes the server refuse it when the node has moved on."""
        metadata = fresh["metadata"]
        patch = {
            "metadata": {"resourceVersion": metadata["resourceVersion"]},
            "spec": {"taints": taints or None},
        }
        self.parts.kube.patch(NODES, metadata["name"], patch)


def named(node: JsonObject) -> JsonObject:
    """The node for an event that is about no single state of it: without its revision."""
    return {"metadata": {key: node["metadata"].get(key, "") for key in ("name", "uid")}}
