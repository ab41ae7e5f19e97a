"""The initialization loop, step by step (2.3 of the requirements)."""

from __future__ import annotations

import pytest

from conformance.contracts.instances import AddressType, InstanceShape, NodeShape
from conformance.contracts.journal import Disturbance, Fault, Loop
from conformance.contracts.kubernetes import NODES, JsonObject, Resource, WatchType
from tests.fake_cloud.hooked_kube import given_taints
from tests.fake_cloud.loops.world import World

INIT = Loop.NODE_INITIALIZATION


def test_everything_arrives_in_one_write(world: World) -> None:
    world.start()
    made = world.owner.create(InstanceShape(zone=1))
    watch = world.kube.watch(NODES)
    world.kubelet.join(made.node_name, NodeShape())
    states = (seen for seen in watch if seen.type is not WatchType.BOOKMARK)
    before, after = next(states).object, next(states).object
    assert before["spec"]["taints"][0]["key"].endswith("/uninitialized")
    assert after["spec"]["providerID"] == made.provider_id
    assert given_taints(after) == []
    new = set(after["metadata"]["labels"].items()) - set(before["metadata"]["labels"].items())
    assert dict(new) == {
        "beta.kubernetes.io/instance-type": made.type,
        "node.kubernetes.io/instance-type": made.type,
        "failure-domain.beta.kubernetes.io/zone": "north-1b",
        "topology.kubernetes.io/zone": "north-1b",
        "failure-domain.beta.kubernetes.io/region": "north-1",
        "topology.kubernetes.io/region": "north-1",
        **made.labels,
    }


def test_addresses_follow_with_the_kubelets_host_name(world: World) -> None:
    world.start()
    made = world.settled(InstanceShape(dual_stack=True, private_addresses=2))
    shown = world.node(made.node_name)["status"]["addresses"]
    assert shown == [
        *({"type": one.type, "address": one.address} for one in made.addresses),
        {"type": AddressType.HOSTNAME, "address": made.node_name},
    ]


def test_the_event_is_recorded(world: World) -> None:
    world.start()
    made = world.settled()
    (event,) = world.events(made.node_name, "Synced")
    assert event["type"] == "Normal"
    assert event["source"]["component"] == "cloud-node-controller"
    assert event["involvedObject"]["uid"] == world.node(made.node_name)["metadata"]["uid"]


def test_only_the_one_taint_goes_and_everything_else_stays(world: World) -> None:
    world.start()
    other = {"key": "team", "value": "blue", "effect": "NoSchedule"}
    twin = {"key": "node.cloudprovider.kubernetes.io/uninitialized", "effect": "NoExecute"}
    shape = NodeShape(
        taints=(twin, other),
        labels={"fake.example/rack": "mine"},
        annotations={"note": "kept"},
        pod_cidrs=("10.1.0.0/24",),
        unschedulable=True,
    )
    made = world.settled(node=shape)
    node = world.node(made.node_name)
    assert given_taints(node) == [other]
    assert (
        node["spec"].items()
        >= {
            "podCIDR": "10.1.0.0/24",
            "podCIDRs": ["10.1.0.0/24"],
            "unschedulable": True,
            "providerID": made.provider_id,
        }.items()
    )
    assert node["metadata"]["labels"]["fake.example/rack"] == "mine"
    assert not any(key.startswith("fake.kubernetes.io/") for key in node["metadata"]["labels"])
    assert node["metadata"]["annotations"]["note"] == "kept"


def test_a_preset_provider_id_is_kept_and_used(world: World) -> None:
    world.start()
    named, meant = (world.owner.create(InstanceShape(zone=zone)) for zone in (0, 1))
    world.kubelet.join(named.node_name, NodeShape(provider_id=meant.provider_id))
    world.kube.wait_for(lambda: world.initialized(named.node_name))
    node = world.node(named.node_name)
    assert node["spec"]["providerID"] == meant.provider_id
    assert node["metadata"]["labels"]["topology.kubernetes.io/zone"] == meant.zone


@pytest.mark.parametrize(
    "shape",
    [
        NodeShape(provided_ip="10.99.0.1"),
        NodeShape(provided_ip="nonsense"),
    ],
)
def test_a_node_ip_that_is_not_the_instances_keeps_the_taint(
    world: World, shape: NodeShape
) -> None:
    world.start()
    made = world.owner.create(InstanceShape())
    world.kubelet.join(made.node_name, shape)
    world.wait_for_calls(INIT, made.node_name)
    assert not world.initialized(made.node_name)
    assert "providerID" not in world.node(made.node_name)["spec"]


def test_the_provided_node_ip_comes_first(world: World) -> None:
    world.start()
    made = world.owner.create(InstanceShape(private_addresses=2))
    second = made.addresses[1].address
    world.kubelet.join(made.node_name, NodeShape(provided_ip=second))
    world.kube.wait_for(lambda: len(world.node(made.node_name)["status"]["addresses"]) > 1)
    shown = world.node(made.node_name)["status"]["addresses"]
    assert shown[0] == {"type": "InternalIP", "address": second}
    assert [one["type"] for one in shown].count("InternalIP") == 1


def test_a_node_without_instance_keeps_its_taint(world: World) -> None:
    world.start()
    world.kubelet.join("nobody", NodeShape())
    world.wait_for_calls(INIT, "nobody")
    assert not world.initialized("nobody")


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.THROTTLED, Fault.MALFORMED])
def test_an_error_keeps_the_taint_until_it_is_over(world: World, fault: Fault) -> None:
    world.start()
    made = world.owner.create(InstanceShape())
    with world.recorder.disturb(Disturbance(fault, about=made.names)):
        world.kubelet.join(made.node_name, NodeShape())
        world.wait_for_calls(INIT, made.node_name)
        assert not world.initialized(made.node_name)
        world.settled()
    world.kube.wait_for(lambda: world.initialized(made.node_name))


def test_a_stranger_is_skipped(world: World) -> None:
    world.start()
    world.kubelet.join("stranger", NodeShape(provider_id="aws:///us-east-1a/i-1"))
    world.settled()
    assert not world.initialized("stranger")
    assert world.calls(INIT, "stranger") == []


def test_an_untainted_node_only_gets_its_ga_labels_reconciled(world: World) -> None:
    world.start()
    made = world.owner.create(InstanceShape())
    beta = {"failure-domain.beta.kubernetes.io/zone": "elsewhere"}
    world.kubelet.join(made.node_name, NodeShape(tainted=False, labels=beta))
    ga = "topology.kubernetes.io/zone"
    world.kube.wait_for(lambda: ga in world.node(made.node_name)["metadata"]["labels"])
    node = world.node(made.node_name)
    assert node["metadata"]["labels"][ga] == "elsewhere"
    assert "providerID" not in node["spec"]
    assert world.calls(INIT) == []


def test_a_conflict_loses_no_other_writers_change(world: World) -> None:
    made = world.owner.create(InstanceShape())
    meddled: list[str] = []

    def meddle(verb: str, _: Resource, name: str) -> None:
        if verb == "update" and len(meddled) < 2:
            meddled.append(name)
            annotation = {f"note-{len(meddled)}": "here"}
            world.kube.patch(NODES, name, {"metadata": {"annotations": annotation}})

    world.kube.before = meddle
    world.start()
    world.kubelet.join(made.node_name, NodeShape())
    world.kube.wait_for(lambda: world.initialized(made.node_name))
    assert meddled == [made.node_name] * 2
    assert world.node(made.node_name)["metadata"]["annotations"] == {
        "note-1": "here",
        "note-2": "here",
    }


def test_nodes_that_waited_for_the_controller_are_initialized(world: World) -> None:
    waiting = [world.owner.create(InstanceShape()).node_name for _ in range(5)]
    for name in waiting:
        world.kubelet.join(name, NodeShape())
    world.start()
    world.kube.wait_for(lambda: all(world.initialized(name) for name in waiting))


def test_a_new_node_of_an_old_name_gets_the_new_instance(world: World) -> None:
    world.start()
    old = world.settled()
    new = world.owner.replace(old.id)
    world.kube.delete(NODES, old.node_name)
    world.kubelet.join(new.node_name, NodeShape())
    world.kube.wait_for(lambda: world.initialized(new.node_name))
    node: JsonObject = world.node(new.node_name)
    assert node["spec"]["providerID"] == new.provider_id
    assert node["metadata"]["labels"]["topology.kubernetes.io/zone"] == new.zone


def test_a_node_that_goes_during_initialization_is_let_go(world: World) -> None:
    made = world.owner.create(InstanceShape())
    deleted: list[str] = []

    def delete_first(verb: str, _: Resource, name: str) -> None:
        if verb == "update" and not deleted:
            deleted.append(name)
            world.kube.delete(NODES, name)

    world.kube.before = delete_first
    world.start()
    world.kubelet.join(made.node_name, NodeShape())
    world.kube.wait_for(lambda: deleted)
    world.settled()
    assert world.controller.alive
    assert world.events(made.node_name, "Synced") == []
