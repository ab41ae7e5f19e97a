"""Freedoms of the lifecycle loop and of how a provider asks its cloud."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from conformance.contracts.kubernetes import NODES, JsonObject
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud.machine import Machine
from fake_cloud.loops.cloud_instances import CloudInstances
from fake_cloud.loops.node_lifecycle import NodeLifecycle
from fake_cloud.loops.taints import Taint
from fake_cloud.planting import variant


@variant
def one_node_at_a_time(blueprint: Blueprint) -> None:
    """Up to v0.36 one worker handles all nodes, and a slow call delays the others."""
    blueprint.periods = replace(blueprint.periods, lifecycle_workers=1)


@variant
def slow_cloud(blueprint: Blueprint) -> None:
    """Every call to the cloud takes its time."""
    blueprint.settings = replace(blueprint.settings, latency=0.01)


@variant
def small_pages(blueprint: Blueprint) -> None:
    """Lists come in pages of one."""
    blueprint.settings = replace(blueprint.settings, page_size=1)


@variant
class LooksTwiceBeforeDeleting(NodeLifecycle):
    """A node is deleted only when the cloud says "gone" a second time."""

    def exists(self, node: JsonObject) -> bool:
        return super().exists(node) or super().exists(node)


@variant
class DeletesThatObjectOnly(NodeLifecycle):
    """The deletion names the object's uid, so that a successor of the same name is safe."""

    def delete(self, node: JsonObject) -> None:
        options = {"preconditions": {"uid": node["metadata"]["uid"]}}
        self.parts.kube.delete(NODES, node["metadata"]["name"], options=options)


@variant
class PutsShutdownTaint(NodeLifecycle):
    """The node that was just read is put with other taints, instead of being patched."""

    def write_taints(self, fresh: JsonObject, taints: list[Taint]) -> None:
        changed = {**fresh, "spec": {**fresh["spec"], "taints": taints}}
        self.parts.kube.replace(NODES, fresh["metadata"]["name"], changed)


@variant
class SkipsEveryOtherRound(NodeLifecycle):
    """Rounds may be further apart than the period says when there is much to do."""

    skip = False

    def round(self, pool: ThreadPoolExecutor) -> None:
        self.skip = not self.skip
        if not self.skip:
            super().round(pool)


@variant
class FindsByListing(CloudInstances):
    """A machine that the direct lookup does not know is looked for in the whole list as well
    before it counts as gone."""

    def by_name(self, node: JsonObject) -> Machine:
        name = node["metadata"]["name"]
        token = ""
        while True:
            page = self._api.list(token)
            for machine in page.machines:
                if machine.name == name:
                    return machine
            if not (token := page.next_token):
                return super().by_name(node)
