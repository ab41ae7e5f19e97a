"""The lifecycle loop (2.4 of the requirements)."""

from __future__ import annotations

from functools import partial

import pytest

from conformance.contracts.instances import NodeShape
from conformance.contracts.journal import Disturbance, Fault, Loop
from conformance.contracts.kubernetes import NODES, ApiError, Resource
from tests.fake_cloud.hooked_kube import given_taints
from tests.fake_cloud.loops.world import World

LOOP = Loop.NODE_LIFECYCLE
SHUTDOWN = {"key": "node.cloudprovider.kubernetes.io/shutdown", "effect": "NoSchedule"}


def taints(world: World, name: str) -> list[dict[str, str]]:
    return given_taints(world.node(name))


def test_a_silent_node_without_instance_is_removed_and_no_other(world: World) -> None:
    world.start()
    gone, stays = world.settled(), world.settled()
    for one in (gone, stays):
        world.kubelet.set_ready(one.node_name, None)
    uid = world.node(stays.node_name)["metadata"]["uid"]
    world.owner.terminate(gone.id)
    world.kube.wait_for(lambda: world.gone(gone.node_name))
    assert world.node(stays.node_name)["metadata"]["uid"] == uid
    (event,) = world.events(gone.node_name, "DeletingNode")
    assert event["source"]["component"] == "cloud-node-lifecycle-controller"


def test_a_ready_node_is_not_even_asked_about(world: World) -> None:
    world.start()
    ready, witness = world.settled(), world.settled()
    world.kubelet.set_ready(witness.node_name, False)
    world.owner.terminate(ready.id)
    world.wait_for_calls(LOOP, witness.id)
    assert not world.gone(ready.node_name)
    assert world.calls(LOOP, ready.id) == []


def test_a_node_that_never_reported_counts_as_not_ready(world: World) -> None:
    world.kubelet.join("nobody", NodeShape(ready=None))
    world.start()
    world.kube.wait_for(lambda: world.gone("nobody"))


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.DENIED, Fault.MALFORMED])
def test_an_error_deletes_nothing_and_holds_up_nobody(world: World, fault: Fault) -> None:
    world.start()
    unclear, gone = world.settled(), world.settled()
    with world.recorder.disturb(Disturbance(fault, about=unclear.names)):
        for one in (unclear, gone):
            world.kubelet.set_ready(one.node_name, False)
            world.owner.terminate(one.id)
        world.kube.wait_for(lambda: world.gone(gone.node_name))
        world.wait_for_calls(LOOP, unclear.id)
        assert not world.gone(unclear.node_name)
    world.kube.wait_for(lambda: world.gone(unclear.node_name))


def test_a_stopped_instance_keeps_its_node_and_marks_it_once(world: World) -> None:
    world.start()
    other = {"key": "team", "value": "blue", "effect": "NoExecute"}
    made = world.settled(node=NodeShape(taints=(other,)))
    name = made.node_name
    world.owner.stop(made.id)
    world.kubelet.set_ready(name, False)
    world.kube.wait_for(lambda: SHUTDOWN in taints(world, name))
    before = world.node(name)["metadata"]["resourceVersion"]
    world.wait_for_calls(LOOP, made.id)
    assert taints(world, name) == [other, SHUTDOWN]
    assert world.node(name)["metadata"]["resourceVersion"] == before
    world.owner.start(made.id)
    world.kubelet.set_ready(name, True)
    world.kube.wait_for(lambda: taints(world, name) == [other])


def test_the_last_taint_can_go(world: World) -> None:
    world.start()
    made = world.settled()
    world.kube.patch(NODES, made.node_name, {"spec": {"taints": None}})
    world.owner.stop(made.id)
    world.kubelet.set_ready(made.node_name, False)
    world.kube.wait_for(lambda: taints(world, made.node_name) == [SHUTDOWN])
    world.kubelet.set_ready(made.node_name, True)
    world.kube.wait_for(lambda: "taints" not in world.node(made.node_name)["spec"])


def test_stopped_then_deleted_is_gone(world: World) -> None:
    world.start()
    made = world.settled()
    world.owner.stop(made.id)
    world.kubelet.set_ready(made.node_name, False)
    world.kube.wait_for(lambda: SHUTDOWN in taints(world, made.node_name))
    world.owner.terminate(made.id)
    world.kube.wait_for(lambda: world.gone(made.node_name))


def test_an_unreadable_power_state_changes_nothing(world: World) -> None:
    world.start()
    made = world.settled()
    world.owner.stop(made.id)
    with world.recorder.disturb(Disturbance(Fault.POWER_STATE)):
        world.kubelet.set_ready(made.node_name, False)
        world.wait_for_calls(LOOP, made.id, more=4)
        assert taints(world, made.node_name) == []
    world.kube.wait_for(lambda: taints(world, made.node_name) == [SHUTDOWN])


def test_another_writers_taint_survives_a_conflict(world: World) -> None:
    world.start()
    made = world.settled()
    name = made.node_name
    other = {"key": "team", "value": "blue", "effect": "NoSchedule"}
    meddled: list[str] = []

    def meddle(verb: str, resource: Resource, target: str) -> None:
        if verb == "patch" and resource is NODES and target == name and not meddled:
            meddled.append(target)
            world.kube.patch(NODES, name, {"spec": {"taints": [other]}})

    world.owner.stop(made.id)
    world.kubelet.set_ready(name, False)
    world.kube.before = meddle
    world.kube.wait_for(lambda: SHUTDOWN in taints(world, name))
    assert meddled
    assert other in taints(world, name)


def test_strangers_are_neither_deleted_nor_marked(world: World) -> None:
    world.start()
    world.kubelet.join("stranger", NodeShape(provider_id="aws:///a/i-1", ready=False))
    for name in ("first-ghost", "second-ghost"):
        world.kubelet.join(name, NodeShape(ready=False))
        world.kube.wait_for(partial(world.gone, name))
    assert not world.gone("stranger")
    assert SHUTDOWN not in taints(world, "stranger")


def test_a_refused_deletion_is_told_and_tried_again(world: World) -> None:
    world.start()
    made = world.settled()

    def refuse(verb: str, _: Resource, __: str) -> None:
        if verb == "delete":
            raise ApiError(403, "Forbidden", "a webhook says no")

    world.kube.before = refuse
    world.owner.terminate(made.id)
    world.kubelet.set_ready(made.node_name, False)
    world.kube.wait_for(lambda: world.events(made.node_name, "DeletingNodeFailed"))
    (event,) = world.events(made.node_name, "DeletingNodeFailed")
    assert event["type"] == "Warning"
    world.kube.before = lambda *_: None
    world.kube.wait_for(lambda: world.gone(made.node_name))
