"""The address refresh (2.3 step 9 of the requirements)."""

from __future__ import annotations

from conformance.contracts.instances import Instance, InstanceShape, NodeShape
from conformance.contracts.journal import Disturbance, Fault, Loop
from tests.fake_cloud.loops.world import World

LOOP = Loop.NODE_ADDRESSES


def shown(world: World, instance: Instance) -> list[str]:
    return [one["address"] for one in world.node(instance.node_name)["status"]["addresses"]]


def wanted(instance: Instance) -> list[str]:
    return [*(one.address for one in instance.addresses), instance.node_name]


def test_changed_addresses_replace_the_whole_list(world: World) -> None:
    world.start()
    old = world.settled()
    new = world.owner.change_addresses(old.id)
    world.kube.wait_for(lambda: shown(world, new) == wanted(new))
    assert set(wanted(old)) - set(shown(world, new))


def test_unchanged_addresses_are_not_written_again(world: World) -> None:
    world.start()
    made = world.settled(InstanceShape(dual_stack=True, private_addresses=2))
    world.kube.wait_for(lambda: shown(world, made) == wanted(made))
    before = world.node(made.node_name)["metadata"]["resourceVersion"]
    world.wait_for_calls(LOOP, made.id)
    assert world.node(made.node_name)["metadata"]["resourceVersion"] == before


def test_no_answer_and_an_empty_answer_keep_the_old_list(world: World) -> None:
    world.start()
    made = world.settled()
    for fault in (Fault.NO_ADDRESSES, Fault.SERVER_ERROR):
        with world.recorder.disturb(Disturbance(fault)):
            world.wait_for_calls(LOOP, made.id)
            assert shown(world, made) == wanted(made)
    new = world.owner.change_addresses(made.id)
    world.kube.wait_for(lambda: shown(world, new) == wanted(new))


def test_tainted_nodes_are_left_to_the_initialization(world: World) -> None:
    world.start()
    made = world.owner.create(InstanceShape())
    with world.recorder.disturb(Disturbance(Fault.DENIED, about=made.names)):
        world.kubelet.join(made.node_name, NodeShape())
        other = world.settled()
        world.wait_for_calls(LOOP, other.id)
        assert world.calls(LOOP, made.node_name) == []
        assert shown(world, made) == [made.node_name]


def test_a_node_that_was_never_tainted_shows_its_addresses_too(world: World) -> None:
    world.start()
    made = world.owner.create(InstanceShape())
    world.kubelet.join(made.node_name, NodeShape(tainted=False))
    world.kube.wait_for(lambda: shown(world, made) == wanted(made))
