"""The controller as a program: started, stopped, killed, crashed, started again."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from conformance.contracts.instances import InstanceShape, NodeShape
from conformance.contracts.journal import Loop
from conformance.contracts.kubernetes import NODES, JsonObject, Resource
from conformance.contracts.providers import SubjectProcess
from fake_cloud.loops.cloud_controller import CloudController, Life
from fake_cloud.loops.lifeline import Killed
from fake_cloud.loops.log_file import log_file
from fake_cloud.loops.node_lifecycle import NodeLifecycle
from tests.fake_cloud.loops.world import World


def test_it_lives_from_start_to_stop(world: World) -> None:
    process: SubjectProcess = world.controller
    assert not process.alive
    process.start()
    assert process.alive
    process.start()
    process.stop()
    assert not process.alive
    process.stop()
    process.kill()


def test_nothing_happens_after_its_end(world: World) -> None:
    for end in (world.controller.stop, world.controller.kill):
        world.start()
        world.settled()
        end()
        calls, writes = len(world.recorder.calls()), len(world.kube.writes)
        made = world.owner.create(InstanceShape())
        world.kubelet.join(made.node_name, NodeShape())
        assert len(world.recorder.calls()) == calls
        assert len(world.kube.writes) == writes + 1
        world.kube.delete(NODES, made.node_name)


def test_a_new_life_takes_up_the_work(world: World) -> None:
    world.start()
    world.controller.kill()
    made = world.owner.create(InstanceShape())
    world.kubelet.join(made.node_name, NodeShape())
    world.start()
    world.kube.wait_for(lambda: world.initialized(made.node_name))


def test_a_kill_in_the_middle_leaves_the_rest_undone(world: World) -> None:
    life = Life(world.blueprint, world.kube, world.api, "", logging.Logger("test"))

    def die_while_writing(verb: str, _: Resource, __: str) -> None:
        if verb == "update":
            life.lifeline.cut()

    world.kube.before = die_while_writing
    made = world.owner.create(InstanceShape())
    world.kubelet.join(made.node_name, NodeShape())
    world.kube.wait_for(lambda: world.initialized(made.node_name))
    life.kill()
    assert len(world.node(made.node_name)["status"]["addresses"]) == 1
    assert world.events(made.node_name, "Synced") == []


def test_an_unexpected_error_crashes_the_whole_program(world: World, tmp_path: Path) -> None:
    class Crashing(NodeLifecycle):
        def is_ready(self, node: JsonObject) -> bool:
            return bool(node["status"]["nonsense"])

    world.blueprint.use(Crashing)
    path = tmp_path / "controller.log"
    world.kubelet.join("any", NodeShape())
    with log_file(path) as log:
        life = Life(world.blueprint, world.kube, world.api, "", log)
        with pytest.raises(Killed):
            life.lifeline.wait(10)
        life.kill()
    assert not life.lifeline.alive
    assert "KeyError: 'nonsense'" in path.read_text()


def test_it_sees_only_the_nodes_that_it_may(world: World) -> None:
    controller = CloudController(world.blueprint, world.kube, world.api, label_selector="run=1")
    controller.start()
    world.kubelet.join("strangers", NodeShape(ready=False))
    mine = world.owner.create(InstanceShape())
    world.kubelet.join(mine.node_name, NodeShape(labels={"run": "1"}, ready=False))
    world.wait_for_calls(Loop.NODE_LIFECYCLE, mine.id)
    controller.kill()
    assert not world.gone("strangers")
    assert world.calls(Loop.NODE_LIFECYCLE, "strangers") == []
