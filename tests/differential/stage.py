"""A small world with a controller in it, ours or the original, whose every act is overheard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from conformance.clusters.embedded import serve_embedded
from conformance.contracts.instances import Instance, InstanceShape, NodeShape
from conformance.contracts.kubernetes import NODES, JsonObject, KubeClient
from conformance.contracts.providers import SubjectProcess
from conformance.kube_http import HttpKubeClient
from conformance.ledger import RunLedger
from conformance.programs import supervise
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud import Account, InstanceApi, Owner
from fake_cloud.cloud_interface import CloudInterface, serve
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.loops.cloud_controller import CloudController
from fake_cloud.loops.periods import Periods
from fake_cloud.recorder import Recorder
from providers.fake.reference_controller import PROGRAM, await_connection, flags, surroundings
from tests.differential.transcript import Overheard, Transcript

LONG = 3600.0

START_SECONDS = 20.0

CALM = Periods(monitor=LONG, addresses=LONG, retry_cap=0.2, relist=0.02)
"""One loop at a time is let loose, so that no two of them race in a transcript."""


@dataclass
class Stage:
    """What a scenario acts on. Nothing is started before `start`."""

    folder: Path
    blueprint: Blueprint
    recorder: Recorder = field(default_factory=Recorder)
    transcript: Transcript = field(default_factory=Transcript)

    def __post_init__(self) -> None:
        self.api = KubeApi()
        self.disturbance = Overheard(self.api.handle, self.transcript)
        self.api.disturbance = self.disturbance
        self.kube: KubeClient = self.api.client()
        account = Account(self.blueprint.settings)
        self.cloud = InstanceApi(account, self.recorder)
        self.owner = Owner(account)
        self.kubelet = KubeletStandIn(self.kube)
        self.recorder.subscribe(self.transcript.call)
        self.controller: SubjectProcess | None = None

    def step(self, name: str, act: Callable[[], object]) -> None:
        """Do it, and wait until the controller has nothing more to say about it."""
        self.transcript.begin(name)
        act()
        self.transcript.settle()

    def join(self, instance: Instance, shape: NodeShape | None = None) -> None:
        self.kubelet.join(instance.node_name, shape or NodeShape())

    def launch(self, node: NodeShape | None = None, shape: InstanceShape | None = None) -> Instance:
        """An instance whose node has joined."""
        instance = self.owner.create(shape or InstanceShape())
        self.join(instance, node)
        return instance

    def node(self, instance: Instance) -> JsonObject:
        return self.kube.get(NODES, instance.node_name)

    def patch(self, instance: Instance, patch: JsonObject) -> None:
        self.kube.patch(NODES, instance.node_name, patch)

    def leave(self, name: str) -> None:
        self.kube.delete(NODES, name)

    def start(self) -> None:
        """Returns when it follows the nodes and has made its first rounds."""
        assert self.controller is not None
        self._followed(self.controller.start)
        self.transcript.settle()

    def expire_watch(self) -> None:
        """Returns when it follows the nodes again."""
        self._followed(self.disturbance.expire_watches)

    def _followed(self, act: Callable[[], object]) -> None:
        self.disturbance.watched.clear()
        act()
        assert self.disturbance.watched.wait(START_SECONDS)

    def stop(self) -> None:
        assert self.controller is not None
        self.controller.kill()


Subject = Callable[[Stage], AbstractContextManager[SubjectProcess]]


@contextmanager
def ours(stage: Stage) -> Iterator[SubjectProcess]:
    """The loops in Python, not started yet; by HTTP too, so that answers take as long."""
    with (
        serve_embedded(stage.api, stage.folder) as served,
        closing(HttpKubeClient(served.subject_kubeconfig)) as kube,
    ):
        controller = CloudController(stage.blueprint, kube, stage.cloud)
        try:
            yield controller
        finally:
            controller.kill()


def original(program: Path) -> Subject:
    """The program in Go. It writes JSON, so that it can be overheard."""

    @contextmanager
    def subject(stage: Stage) -> Iterator[SubjectProcess]:
        cloud = CloudInterface(stage.blueprint, stage.cloud)
        ledger = RunLedger(stage.folder / "ledger.jsonl")
        with (
            serve_embedded(stage.api, stage.folder) as served,
            serve(cloud, "overheard") as endpoint,
        ):
            periods = flags(served.subject_kubeconfig, stage.blueprint.periods)
            arguments = (*periods, "--kube-api-content-type=application/json")
            log, env = stage.folder / "program.log", surroundings(endpoint)
            with supervise(program, arguments, env, log, ledger, PROGRAM) as running:
                await_connection(endpoint, running)
                running.kill()
                yield running

    return subject


@contextmanager
def staged(subject: Subject, blueprint: Blueprint, folder: Path) -> Iterator[Stage]:
    """A stage with its controller, gone on exit."""
    folder.mkdir()
    stage = Stage(folder, blueprint)
    with closing(stage.api), subject(stage) as stage.controller:
        yield stage
