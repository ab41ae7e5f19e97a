"""All loops as one program that can be stopped, killed and started again."""

from __future__ import annotations

import logging
from typing import TypeAlias

from conformance.contracts.journal import Loop
from conformance.contracts.kubernetes import NODES, KubeClient
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud.instance_api import InstanceApi
from fake_cloud.loops.lifeline import Lifeline, LifelineClient
from fake_cloud.loops.loop_parts import LoopParts
from fake_cloud.loops.node_addresses import NodeAddresses
from fake_cloud.loops.node_initialization import NodeInitialization
from fake_cloud.loops.node_lifecycle import NodeLifecycle

LoopKind: TypeAlias = type[NodeInitialization] | type[NodeAddresses] | type[NodeLifecycle]

GRACE = 5.0
"""Seconds for a loop to finish its work on `stop`; then it is killed."""

KILL_GRACE = 2.0
"""Seconds for a loop to notice that it is dead; one in a hanging request is left behind."""


class CloudController:
    """`SubjectProcess` over the loops of `blueprint`. Not started when built.

    Only nodes that `label_selector` finds are seen at all. Nothing is remembered across lives.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        kube: KubeClient,
        api: InstanceApi,
        *,
        label_selector: str = "",
        log: logging.Logger | None = None,
    ) -> None:
        self._blueprint = blueprint
        self._kube = kube
        self._api = api
        self._selector = label_selector
        self._log = log or logging.Logger("cloud-controller")
        self._life: Life | None = None

    @property
    def alive(self) -> bool:
        """False also after a crash."""
        return self._life is not None and self._life.lifeline.alive

    def start(self) -> None:
        """Start a new life; one that is still going on is left as it is."""
        if not self.alive:
            self.kill()  # a crash leaves threads that wait for nothing
            self._life = Life(self._blueprint, self._kube, self._api, self._selector, self._log)

    def stop(self) -> None:
        """Let every loop finish what it is doing."""
        if self._life is not None:
            self._life.stop()

    def kill(self) -> None:
        """End every loop where it stands."""
        if self._life is not None:
            self._life.kill()


class Life:
    """One life of the controller: a cache, a queue and three loops, all of them new."""

    def __init__(
        self,
        blueprint: Blueprint,
        kube: KubeClient,
        api: InstanceApi,
        label_selector: str,
        log: logging.Logger,
    ) -> None:
        self._blueprint = blueprint
        self._api = api
        self._log = log
        self.lifeline = Lifeline(log)
        self._kube = LifelineClient(kube, self.lifeline)
        self._queue = blueprint.work_queue(
            blueprint.periods.retry_first, blueprint.periods.retry_cap
        )
        self._nodes = blueprint.informer(
            self._kube,
            NODES,
            self.lifeline,
            log,
            label_selector=label_selector,
            relist=blueprint.periods.relist,
        )
        self._start()

    def _start(self) -> None:
        """The informer last, so that no loop misses what the first list finds."""
        kinds: dict[Loop, LoopKind] = {
            Loop.NODE_INITIALIZATION: self._blueprint.initialization,
            Loop.NODE_ADDRESSES: self._blueprint.addresses,
            Loop.NODE_LIFECYCLE: self._blueprint.lifecycle,
        }
        loops = {loop: kind(self._parts(loop, kind.component)) for loop, kind in kinds.items()}
        for loop, built in loops.items():
            self.lifeline.start(loop, built.run)
        self.lifeline.start("node-informer", self._nodes.run)

    def _parts(self, loop: Loop, component: str) -> LoopParts:
        return LoopParts(
            kube=self._kube,
            nodes=self._nodes,
            instances=self._blueprint.instances(self._api.charged_to(loop)),
            events=self._blueprint.events(self._kube, component, self._log),
            publisher=self._blueprint.publisher(self._kube, self._log),
            queue=self._queue,
            lifeline=self.lifeline,
            periods=self._blueprint.periods,
            log=self._log,
        )

    def stop(self) -> None:
        self.lifeline.end()
        self._release()
        if not self.lifeline.join(GRACE):
            self.kill()

    def kill(self) -> None:
        self.lifeline.cut()
        self._release()
        self.lifeline.join(KILL_GRACE)

    def _release(self) -> None:
        """Wake the loops that wait for a key or a watch event."""
        self._queue.close()
        self._nodes.close()
