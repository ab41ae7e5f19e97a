"""What a controller is confronted with. Each scenario acts on a stage, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from conformance.contracts.instances import Instance, InstanceShape, NodeShape
from conformance.contracts.journal import Disturbance, Fault
from conformance.contracts.kubernetes import NODES
from fake_cloud.loops.periods import Periods
from tests.differential.stage import CALM, Stage

Act = Callable[[Stage, Instance], None]

MINE = {"key": "example.org/mine", "effect": "NoSchedule"}
ADDRESSES = replace(CALM, addresses=0.1)
LIFECYCLE = replace(CALM, monitor=0.05)


@dataclass(frozen=True)
class Scenario:
    """`periods` say which loop comes round."""

    play: Callable[[Stage], None]
    periods: Periods = CALM


def joins(stage: Stage) -> None:
    stage.start()
    stage.step("a node joins", stage.launch)
    shape = InstanceShape(dual_stack=True, private_addresses=2, zone=1)
    stage.step("one with many addresses", lambda: stage.launch(shape=shape))
    stage.step(
        "one without a public address", lambda: stage.launch(None, InstanceShape(public=False))
    )


def waits(stage: Stage) -> None:
    """Nodes that were there before the controller."""
    stage.launch()
    stage.step("start", stage.start)


def provider_id(stage: Stage) -> None:
    meant, named = stage.owner.create(InstanceShape()), stage.owner.create(InstanceShape(zone=1))
    stage.start()
    given = NodeShape(provider_id=meant.provider_id)
    stage.step("another one's id is given", lambda: stage.join(named, given))


def everything_else_is_kept(stage: Stage) -> None:
    taints = ({"key": "example.org/mine", "value": "1", "effect": "NoExecute"},)
    shape = NodeShape(
        labels={"team": "blue", "fake.example/project": "mine"},
        annotations={"example.org/note": "kept"},
        taints=taints,
        pod_cidrs=("10.9.0.0/24",),
        finalizers=("example.org/guard",),
        unschedulable=True,
    )
    stage.start()
    stage.step("a node of somebody joins", lambda: stage.launch(shape))


def two_effects(stage: Stage) -> None:
    taint = {"key": "node.cloudprovider.kubernetes.io/uninitialized", "effect": "NoExecute"}
    stage.start()
    stage.step("the taint is there twice", lambda: stage.launch(NodeShape(taints=(taint,))))


def node_ip(stage: Stage) -> None:
    shape = InstanceShape(dual_stack=True, private_addresses=2)
    instance = stage.owner.create(shape)
    second = instance.addresses[1].address
    six = next(one.address for one in instance.addresses if ":" in one.address)
    stage.start()
    stage.step("one is given", lambda: stage.join(instance, NodeShape(provided_ip=second)))
    pair = stage.owner.create(shape)
    four = pair.addresses[0].address
    six = next(one.address for one in pair.addresses if ":" in one.address)
    stage.step("a pair", lambda: stage.join(pair, NodeShape(provided_ip=f"{six},{four}")))


def invalid_node_ip(stage: Stage) -> None:
    stage.start()
    for wrong in ("192.0.2.1", "nonsense", "10.0.0.10,10.0.0.11"):
        instance = stage.owner.create(InstanceShape())
        shape = NodeShape(provided_ip=wrong)
        stage.step(f"{wrong} is given", partial(stage.join, instance, shape))
        stage.step("it leaves", partial(stage.leave, instance.node_name))


def untainted(stage: Stage) -> None:
    stage.start()
    instance = stage.launch(NodeShape(tainted=False))
    stage.step("an untainted node joins", lambda: None)
    beta = {
        "beta.kubernetes.io/instance-type": "x",
        "node.kubernetes.io/instance-type": "y",
        "failure-domain.beta.kubernetes.io/zone": "z",
    }
    stage.step("beta labels", lambda: stage.patch(instance, {"metadata": {"labels": beta}}))
    less = {"topology.kubernetes.io/zone": None}
    stage.step("a GA label goes", lambda: stage.patch(instance, {"metadata": {"labels": less}}))


def unknown(stage: Stage) -> None:
    """No machine, then one of that name."""
    stage.start()
    stage.step("a ghost joins", lambda: stage.kubelet.join("machine-later", NodeShape()))
    stage.owner.create(InstanceShape(node_name="machine-later"))
    note = {"metadata": {"annotations": {"example.org/poked": "yes"}}}
    stage.step("it gets a machine", lambda: stage.kube.patch(NODES, "machine-later", note))


def not_managed(stage: Stage) -> None:
    stage.start()
    foreign = NodeShape(provider_id="other://zone/machine")
    stage.step("a foreign node", lambda: stage.launch(foreign))
    mark = NodeShape(labels={"fake.example/managed": "false"})
    stage.step("an unmanaged node", lambda: stage.launch(mark))
    stage.step("one of ours", stage.launch)


def cloud_errors(stage: Stage) -> None:
    stage.start()
    for fault in (Fault.SERVER_ERROR, Fault.LOST_ANSWER, Fault.NO_ADDRESSES):
        with stage.recorder.disturb(Disturbance(fault)):
            instance = stage.owner.create(InstanceShape())
            stage.step(f"a node joins: {fault}", partial(stage.join, instance))
        note = {"metadata": {"annotations": {"example.org/poked": fault.value}}}
        stage.step("it is over", partial(stage.patch, instance, note))


def conflict(stage: Stage) -> None:
    """Somebody writes between the controller's look and its write."""
    stage.start()
    with stage.disturbance.hold(verb="update", resource="nodes") as held:
        instance = stage.launch()
        assert held.wait_held(10)
        stage.patch(instance, {"metadata": {"labels": {"team": "blue"}}})
        stage.step("the write is late", held.release)


def refused_write(stage: Stage) -> None:
    stage.start()
    with stage.disturbance.refuse(verb="update", resource="nodes", code=403):
        stage.step("no write is allowed", stage.launch)


def refused_addresses(stage: Stage) -> None:
    stage.start()
    with stage.disturbance.refuse(verb="patch", resource="nodes", code=403):
        stage.step("no patch is allowed", stage.launch)


def restart(stage: Stage) -> None:
    stage.start()
    stage.step("a node joins", stage.launch)
    stage.stop()
    stage.launch()
    stage.step("one joined while it was down", stage.start)


def comes_again(stage: Stage) -> None:
    stage.start()
    instance = stage.launch()
    stage.step("a node joins", lambda: None)

    def anew() -> None:
        stage.kube.delete(NODES, instance.node_name)
        stage.join(instance)

    stage.step("it registers anew", anew)


def expired_watch(stage: Stage) -> None:
    """The watch ends with 410, so that everything is listed again."""
    stage.start()
    stage.step("a node joins", stage.launch)
    stage.step("the watch is too old", stage.expire_watch)
    stage.step("another one joins", stage.launch)


def refresh(stage: Stage) -> None:
    stage.start()
    instance = stage.launch()
    stage.step("a node joins", lambda: None)
    stage.step("its addresses change", lambda: stage.owner.change_addresses(instance.id))
    with stage.recorder.disturb(Disturbance(Fault.NO_ADDRESSES)):
        stage.step("no addresses are told", lambda: stage.owner.change_addresses(instance.id))
    stage.step("they are", lambda: None)


def refresh_in_order(stage: Stage) -> None:
    """The list is the same, in another order, then with a second one of a type."""
    stage.start()
    instance = stage.launch(shape=InstanceShape(private_addresses=2))
    stage.step("a node joins", lambda: None)
    shown = stage.node(instance)["status"]["addresses"]
    turned = [*reversed(shown), {"$patch": "replace"}]
    patch = {"status": {"addresses": turned}}
    stage.step(
        "somebody turns them round",
        lambda: stage.kube.patch(NODES, instance.node_name, patch, subresource="status"),
    )


def refresh_untainted(stage: Stage) -> None:
    stage.start()
    stage.step("an untainted node joins", lambda: stage.launch(NodeShape(tainted=False)))
    shape = NodeShape(tainted=False, labels={"fake.example/managed": "false"})
    stage.step("an unmanaged one", lambda: stage.launch(shape))


def refresh_with_errors(stage: Stage) -> None:
    stage.start()
    instance = stage.launch()
    stage.step("a node joins", lambda: None)
    with stage.recorder.disturb(Disturbance(Fault.THROTTLED)):
        stage.step("too many calls", lambda: stage.owner.change_addresses(instance.id))
    stage.step("it is over", lambda: None)


def settled_then(act: Act, ready: bool | None = None) -> Callable[[Stage], None]:
    """`act` on an initialized node that is not ready any more."""

    def play(stage: Stage) -> None:
        stage.start()
        instance = stage.launch()
        stage.step("a node joins", lambda: None)
        stage.step("it is silent", lambda: stage.kubelet.set_ready(instance.node_name, ready))
        act(stage, instance)

    return play


def deleted(stage: Stage, instance: Instance) -> None:
    stage.step("its machine is gone", lambda: stage.owner.terminate(instance.id))


def deleted_refused(stage: Stage, instance: Instance) -> None:
    with stage.disturbance.refuse(verb="delete", resource="nodes", code=403):
        stage.step("nobody may delete it", lambda: stage.owner.terminate(instance.id))
    stage.step("it is allowed", lambda: None)


def shut_down(stage: Stage, instance: Instance) -> None:
    mine = {"spec": {"taints": [MINE, {"key": "example.org/other", "effect": "NoExecute"}]}}
    stage.kube.patch(NODES, instance.node_name, mine)
    stage.step("its machine stops", lambda: stage.owner.stop(instance.id))
    stage.owner.start(instance.id)
    stage.step("it is ready again", lambda: stage.kubelet.set_ready(instance.node_name, True))


def shut_down_conflict(stage: Stage, instance: Instance) -> None:
    with stage.disturbance.hold(verb="patch", resource="nodes") as held:
        stage.owner.stop(instance.id)
        assert held.wait_held(10)
        stage.kube.patch(NODES, instance.node_name, {"metadata": {"labels": {"team": "blue"}}})
        stage.step("the taint is late", held.release)


def shut_down_alone(stage: Stage, instance: Instance) -> None:
    stage.kube.patch(NODES, instance.node_name, {"spec": {"taints": None}})
    stage.step("its machine stops", lambda: stage.owner.stop(instance.id))
    stage.step("it is ready again", lambda: stage.kubelet.set_ready(instance.node_name, True))


def cloud_silent(stage: Stage, instance: Instance) -> None:
    with ExitStack() as faults:
        faults.enter_context(stage.recorder.disturb(Disturbance(Fault.SERVER_ERROR)))
        stage.step("the cloud fails", lambda: stage.owner.stop(instance.id))
    with stage.recorder.disturb(Disturbance(Fault.POWER_STATE)):
        stage.step("the power state is unknown", lambda: None)
    stage.step("it is over", lambda: None)


def not_ours(stage: Stage) -> None:
    stage.start()
    foreign = NodeShape(tainted=False, provider_id="other://zone/machine", ready=False)
    stage.step("a foreign node", lambda: stage.launch(foreign))
    nameless = NodeShape(tainted=False, ready=None)
    instance = stage.launch(nameless)
    stage.step("a node without condition or id", lambda: None)
    stage.step("it leaves", lambda: stage.leave(instance.node_name))
    stage.step("a ghost", lambda: stage.kubelet.join("ghost", nameless))
    waiting = NodeShape(ready=False)
    stage.step("a tainted ghost", lambda: stage.kubelet.join("ghost-2", waiting))


def held_by_finalizer(stage: Stage) -> None:
    stage.start()
    instance = stage.launch(NodeShape(finalizers=("example.org/guard",)))
    stage.step("a node joins", lambda: None)
    stage.owner.terminate(instance.id)
    stage.step("it is silent, gone", lambda: stage.kubelet.set_ready(instance.node_name, None))


SCENARIOS: Mapping[str, Scenario] = {
    "joins": Scenario(joins),
    "waits": Scenario(waits),
    "provider-id": Scenario(provider_id),
    "everything-else-is-kept": Scenario(everything_else_is_kept),
    "two-effects": Scenario(two_effects),
    "node-ip": Scenario(node_ip),
    "invalid-node-ip": Scenario(invalid_node_ip),
    "untainted": Scenario(untainted),
    "unknown": Scenario(unknown),
    "not-managed": Scenario(not_managed),
    "cloud-errors": Scenario(cloud_errors),
    "conflict": Scenario(conflict),
    "refused-write": Scenario(refused_write),
    "refused-addresses": Scenario(refused_addresses),
    "restart": Scenario(restart),
    "comes-again": Scenario(comes_again),
    "expired-watch": Scenario(expired_watch),
    "refresh": Scenario(refresh, ADDRESSES),
    "refresh-in-order": Scenario(refresh_in_order, ADDRESSES),
    "refresh-untainted": Scenario(refresh_untainted, ADDRESSES),
    "refresh-with-errors": Scenario(refresh_with_errors, ADDRESSES),
    "deleted": Scenario(settled_then(deleted), LIFECYCLE),
    "deleted-refused": Scenario(settled_then(deleted_refused), LIFECYCLE),
    "shut-down": Scenario(settled_then(shut_down), LIFECYCLE),
    "shut-down-conflict": Scenario(settled_then(shut_down_conflict), LIFECYCLE),
    "shut-down-alone": Scenario(settled_then(shut_down_alone), LIFECYCLE),
    "cloud-silent": Scenario(settled_then(cloud_silent, ready=False), LIFECYCLE),
    "not-ours": Scenario(not_ours, LIFECYCLE),
    "held-by-finalizer": Scenario(held_by_finalizer, LIFECYCLE),
}
