"""Instances and nodes that a check makes; clean-up is registered in the same call."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from conformance.checks.case import Case
from conformance.checks.clean_up import Made
from conformance.checks.node import PROVIDED_NODE_IP, UNINITIALIZED, Node, ready_status, taints
from conformance.checks.node_conditions import initialized, shows
from conformance.checks.read_back import must_show
from conformance.contracts.instances import Instance, InstanceShape, NodeShape
from conformance.contracts.kubernetes import NODES, RUN_LABEL, ApiError, JsonObject, NotFound
from conformance.ledger import CLOUD, OBJECT

READY_STATUS = {True: "True", False: "False", None: "Unknown"}

FINALIZER = "conformance.cloud-provider/hold"
"""Finalizer that checks use to hold an object."""


def launch(case: Case, shape: InstanceShape | None = None) -> Instance:
    """A running instance; terminated at the end of the case."""
    instance = _make(case, lambda: case.control.create(shape or InstanceShape()))
    case.step(f"launch instance {instance.id}", node=instance.node_name, zone=instance.zone)
    return instance


def replace(case: Case, instance: Instance) -> Instance:
    """Another instance under the same node name; the old one is gone."""
    successor = _make(case, lambda: case.control.replace(instance.id))
    case.step(f"replace instance {instance.id} by {successor.id}", node=successor.node_name)
    return successor


def join(case: Case, instance: Instance | None = None, shape: NodeShape | None = None) -> Node:
    """A Node registers for this instance (default: a new one); returns when the watch shows it."""
    backing = instance or launch(case)
    return register(case, backing.node_name, shape or NodeShape(), backing)


def register(case: Case, name: str, shape: NodeShape, backing: Instance | None) -> Node:
    """A Node of this name registers, whether an instance stands behind it or not."""
    case.offer  # noqa: B018 - the subject must run before its first node appears
    ledger = case.environment.ledger
    number = ledger.add(OBJECT, name, resource="nodes", **case.environment.object_facts)
    labels = {**shape.labels, RUN_LABEL: case.run_id}
    case.clean_up.register(
        Made(
            f"node {name}",
            lambda: remove(case, name),
            lambda: _absent(case, name),
            lambda: ledger.strike(number),
        )
    )
    opened = case.step(f"join node {name}", tainted=shape.tainted, ready=shape.ready)
    asked = dataclasses.replace(shape, labels=labels)
    case.kubelet.join(name, asked)
    node = Node(name, case.timeline, backing, since=opened)
    held = case.wait(lambda: any(not _unlike(seen, asked) for seen in node.versions()), "event")
    different = ", ".join(_unlike(next(iter(node.versions()), {}), asked))
    seen = f"another {different}" if node.versions() else "no node"
    must_show("join", "a node as it was asked for", seen, held=held)
    return node


def joined(case: Case, instance: Instance | None = None, shape: NodeShape | None = None) -> Node:
    """Like `join`, and initialized: the premise of everything later in a node's life."""
    node = join(case, instance, shape)
    case.given("node.init.taint-removed", initialized(node), "node-init")
    return node


def addressed(case: Case, instance: Instance | None = None, shape: NodeShape | None = None) -> Node:
    """Like `joined`, and it shows its instance's addresses: the premise of every later change."""
    node = joined(case, instance, shape)
    wanted = {a.address for a in node.backing.addresses}
    case.given("node.init.addresses-prompt", shows(node, wanted), "node-addresses")
    return node


def remove(case: Case, name: str) -> None:
    """Delete a Node, its finalizers first; gone already is fine.

    On a shared cluster a node without the run's id is somebody's, whatever an adapter called it.
    """
    case.kubelet.leave(name)
    try:
        labels = case.kube.get(NODES, name)["metadata"].get("labels") or {}
        if not case.environment.world.private and labels.get(RUN_LABEL) != case.run_id:
            return
        case.kube.patch(NODES, name, {"metadata": {"finalizers": None}})
        case.kube.delete(NODES, name)
    except NotFound:
        return


def set_ready(case: Case, node: Node, ready: bool | None) -> None:
    """Write the Ready condition as the kubelet would (None: Unknown).

    A node that the subject removed meanwhile is left to the expectations.
    """
    opened = case.step(f"node {node.name}: Ready={ready}")
    try:
        case.kubelet.set_ready(node.name, ready)
    except NotFound:
        return
    wanted = READY_STATUS[ready]

    def shown() -> bool:
        states = case.timeline.states(node.key, opened)
        return any(state is None or ready_status(state) == wanted for state in states)

    held = case.wait(shown, "event")
    seen = ready_status(node.present) or "none"
    must_show("set_ready", f"Ready condition {wanted}", seen, held=held)


def touch(case: Case, node: Node) -> None:
    """Change an annotation, so that every watcher of nodes sees an update.

    A kubelet's own status updates do this every few minutes; without one a failed initialization
    may wait for its back-off (k8s.io/cloud-provider node controller, up to 1000 s).
    """
    position = case.step(f"touch node {node.name}")
    annotation = {"conformance.cloud-provider/touched": str(position)}
    try:
        case.kube.patch(NODES, node.name, {"metadata": {"annotations": annotation}})
    except NotFound:
        return


def ghost(case: Case) -> Instance:
    """An instance that is gone again: its node name is plausible and nothing stands behind it."""
    instance = launch(case)
    case.control.terminate(instance.id)
    return instance


def _make(case: Case, make: Callable[[], Instance]) -> Instance:
    """Enter what `make` makes into the ledger first; terminate it at the end of the case."""
    ledger = case.environment.ledger
    number = ledger.add(CLOUD, "instance", **case.environment.cloud_facts)
    instance = make()
    ledger.update(number, id=instance.id)

    def terminate() -> None:
        if case.cloud.get(instance.id) is not None:
            case.control.terminate(instance.id)

    case.clean_up.register(
        Made(
            f"instance {instance.id}",
            terminate,
            lambda: case.cloud.get(instance.id) is None,
            lambda: ledger.strike(number),
        )
    )
    return instance


def _unlike(node: JsonObject, asked: NodeShape) -> list[str]:
    """What a Node as it registers lacks of what was asked for."""
    metadata, spec = node.get("metadata", {}), node.get("spec", {})
    annotations = dict(asked.annotations)
    if asked.provided_ip:
        annotations[PROVIDED_NODE_IP] = asked.provided_ip
    keys = {taint["key"] for taint in spec.get("taints") or ()}
    parts = {
        f"taint {UNINITIALIZED}": bool(taints(node, UNINITIALIZED)) == asked.tainted,
        "further taints": {taint["key"] for taint in asked.taints} <= keys,
        "labels": asked.labels.items() <= metadata.get("labels", {}).items(),
        "annotations": annotations.items() <= metadata.get("annotations", {}).items(),
        "finalizers": set(asked.finalizers) <= set(metadata.get("finalizers", ())),
        "provider id": asked.provider_id in ("", spec.get("providerID")),
    }
    return [what for what, fits in parts.items() if not fits]


def _absent(case: Case, name: str) -> bool:
    try:
        case.kube.get(NODES, name)
    except NotFound:
        return True
    except ApiError:
        return False
    return False
