"""Each question of `InstancesV2` has its own answer, and a cloud that refuses is heard."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contracts.instances import Instance, InstanceShape
from conformance.contracts.journal import Disturbance, Fault, Loop
from fake_cloud.cloud.errors import CloudError
from fake_cloud.cloud_interface import CloudInterface
from fake_cloud.cloud_interface.answers import INSTANCES_V2
from fake_cloud.loops.metadata import InstanceNotFound
from tests.fake_cloud.loops.world import World

NOBODY = {"metadata": {"name": "nobody"}, "spec": {}}


@pytest.fixture
def world() -> World:
    return World()


def ask(world: World, question: str, node: object) -> Any:
    cloud = CloudInterface(world.blueprint, world.api)
    return cloud.answer(f"InstancesV2.{question}", Loop.NODE_LIFECYCLE, {"node": node})


def node_of(instance: Instance) -> dict[str, Any]:
    return {
        "metadata": {"name": instance.node_name},
        "spec": {"providerID": instance.provider_id},
    }


def test_whether_an_instance_exists(world: World) -> None:
    made = world.owner.create(InstanceShape())
    assert ask(world, "InstanceExists", node_of(made)) is True
    world.owner.stop(made.id)
    assert ask(world, "InstanceExists", node_of(made)) is True
    world.owner.terminate(made.id)
    assert ask(world, "InstanceExists", node_of(made)) is False


def test_whether_an_instance_is_shut_down(world: World) -> None:
    made = world.owner.create(InstanceShape())
    assert ask(world, "InstanceShutdown", node_of(made)) is False
    world.owner.stop(made.id)
    assert ask(world, "InstanceShutdown", node_of(made)) is True
    world.owner.start(made.id)
    assert ask(world, "InstanceShutdown", node_of(made)) is False


def test_what_is_known_of_an_instance(world: World) -> None:
    made = world.owner.create(InstanceShape())
    told = ask(world, "InstanceMetadata", node_of(made))
    assert (told["providerID"], told["zone"]) == (made.provider_id, made.zone)
    with pytest.raises(InstanceNotFound):
        ask(world, "InstanceMetadata", NOBODY)


@pytest.mark.parametrize("question", [one.partition(".")[2] for one in INSTANCES_V2])
def test_a_refusal_is_no_answer(world: World, question: str) -> None:
    made = world.owner.create(InstanceShape())
    with (
        world.recorder.disturb(Disturbance(Fault.SERVER_ERROR)),
        pytest.raises(CloudError, match="500"),
    ):
        ask(world, question, node_of(made))
