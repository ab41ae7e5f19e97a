"""A whole small world for loops: embedded cluster, account, owner, kubelet, controller."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.contracts.instances import Instance, InstanceShape, NodeShape
from conformance.contracts.journal import CloudCall, Loop
from conformance.contracts.kubernetes import EVENTS, NODES, JsonObject, NotFound
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud import Account, AccountSettings, InstanceApi, Owner
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.loops.cloud_controller import CloudController
from fake_cloud.loops.taints import UNINITIALIZED, has_taint
from fake_cloud.recorder import Recorder
from tests.fake_cloud.hooked_kube import HookedKube


@dataclass
class World:
    """Its controller is not started yet; waits end as soon as their condition holds."""

    kube: HookedKube = field(default_factory=HookedKube)
    recorder: Recorder = field(default_factory=Recorder)
    blueprint: Blueprint = field(default_factory=Blueprint)

    def __post_init__(self) -> None:
        self.account = Account(AccountSettings())
        self.owner = Owner(self.account)
        self.kubelet = KubeletStandIn(self.kube)
        self.api = InstanceApi(self.account, self.recorder)
        self.controller = CloudController(self.blueprint, self.kube, self.api)
        self.recorder.subscribe(self.kube.ring)

    def start(self) -> None:
        self.controller.start()

    def node(self, name: str) -> JsonObject:
        return self.kube.get(NODES, name)

    def gone(self, name: str) -> bool:
        try:
            self.kube.get(NODES, name)
        except NotFound:
            return True
        return False

    def taint_keys(self, name: str) -> list[str]:
        return [taint["key"] for taint in self.node(name)["spec"].get("taints") or ()]

    def initialized(self, name: str) -> bool:
        return not has_taint(self.node(name), UNINITIALIZED)

    def settled(
        self, shape: InstanceShape | None = None, node: NodeShape | None = None
    ) -> Instance:
        """An instance whose node is initialized and shows addresses and event."""
        instance = self.owner.create(shape or InstanceShape())
        name = instance.node_name
        self.kubelet.join(name, node or NodeShape())
        self.kube.wait_for(lambda: self.initialized(name) and self.events(name, "Synced"))
        return instance

    def events(self, name: str, reason: str) -> list[JsonObject]:
        return [
            event
            for event in self.kube.list(EVENTS)["items"]
            if event["involvedObject"]["name"] == name and event["reason"] == reason
        ]

    def calls(self, loop: Loop, *about: str) -> list[CloudCall]:
        return [
            call
            for call in self.recorder.calls()
            if call.caller is loop and (not about or call.about & set(about))
        ]

    def wait_for_calls(self, loop: Loop, *about: str, more: int = 3) -> None:
        """Let this loop ask the cloud about this object some more times."""
        before = len(self.calls(loop, *about))
        self.kube.wait_for(lambda: len(self.calls(loop, *about)) >= before + more)
