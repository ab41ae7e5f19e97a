"""What a node must be, become or stay, as conditions and invariants over its watch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from conformance.checks.conditions import Condition, Invariant, shown
from conformance.checks.node import (
    INSTANCE_TYPE,
    REGION,
    UNINITIALIZED,
    ZONE,
    Node,
    addresses,
    is_initialized,
    other_taints,
    provider_id,
    ready_status,
    taints,
    topology_labels,
)
from conformance.contracts.instances import Instance
from conformance.contracts.kubernetes import EVENTS, JsonObject
from conformance.timeline import ObjectKey, Observed, Timeline

TOLD = 3
"""Nodes that a message about many of them describes."""


def node_is(node: Node, wanted: str, test: Callable[[JsonObject], bool]) -> Condition:
    """The node exists and `test` accepts it."""
    return Condition(
        f"node {node.name}: {wanted}",
        lambda: node.object is not None and test(node.present),
        lambda: _summary(node.object),
        about=node.key,
    )


def every(nodes: Sequence[Node], wanted: str, test: Callable[[JsonObject], bool]) -> Condition:
    """All of these nodes exist and `test` accepts each."""

    def odd() -> list[Node]:
        return [node for node in nodes if node.object is None or not test(node.present)]

    return Condition(
        f"{len(nodes)} nodes: {wanted}",
        lambda: not odd(),
        lambda: "; ".join(f"{node.name} {_summary(node.object)}" for node in odd()[:TOLD]) or "all",
    )


def initialized(node: Node) -> Condition:
    """The uninitialized taint is gone, whatever its effect and value."""
    return node_is(node, f"no taint {UNINITIALIZED}", is_initialized)


def tainted(node: Node, key: str) -> Condition:
    """A taint with this key is there."""
    return node_is(node, f"taint {key}", lambda found: bool(taints(found, key)))


def untainted(node: Node, key: str) -> Condition:
    """No taint with this key is there."""
    return node_is(node, f"no taint {key}", lambda found: not taints(found, key))


def shows(node: Node, wanted: Iterable[str]) -> Condition:
    """Every one of these addresses is there, of whatever type."""
    needed = frozenset(wanted)
    return node_is(
        node,
        f"addresses {shown(sorted(needed))}",
        lambda found: needed <= {address for _, address in addresses(found)},
    )


def hides(node: Node, unwanted: Iterable[str]) -> Condition:
    """None of these addresses is there, of whatever type."""
    refused = frozenset(unwanted)
    return node_is(
        node,
        f"none of the addresses {shown(sorted(refused))}",
        lambda found: not refused & {address for _, address in addresses(found)},
    )


def gone(node: Node) -> Condition:
    """The object this handle was made for no longer exists (another uid does not count)."""
    uid = node.uid

    def absent() -> bool:
        return node.object is None or (bool(uid) and node.uid != uid)

    return Condition(
        f"node {node.name}: deleted", absent, lambda: _summary(node.object), about=node.key
    )


def kept(node: Node) -> Invariant:
    """The very same object (uid) exists throughout."""
    uid = node.uid
    return Invariant(
        f"node {node.name} stays the same object",
        node.key,
        lambda found: found is not None and found["metadata"]["uid"] == uid,
        _summary,
    )


def keeps(node: Node, wanted: str, test: Callable[[JsonObject], bool]) -> Invariant:
    """The object exists throughout and `test` accepts every state of it."""
    return Invariant(
        f"node {node.name}: {wanted}",
        node.key,
        lambda found: found is not None and test(found),
        _summary,
    )


def untouched(node: Node) -> Invariant:
    """Nothing that a cloud controller writes differs from now: metadata, spec, addresses.

    Left out is what moves without one: what kubelets report, and the API server's own taints.
    """
    before = _writable(node.present)
    return Invariant(
        f"node {node.name} is written by nobody",
        node.key,
        lambda found: found is not None and _writable(found) == before,
        lambda found: shown(_differing(before, _writable(found))) if found else "absent",
    )


def labelled(node: Node, keys: Iterable[str], value: str) -> Condition:
    """Every one of these label keys is there with this value."""
    wanted = dict.fromkeys(keys, value)

    def has_labels(found: JsonObject) -> bool:
        labels = found["metadata"].get("labels", {})
        return all(labels.get(key) == value for key in wanted)

    return Condition(
        f"node {node.name}: labels {shown(wanted)}",
        lambda: has_labels(node.present),
        lambda: shown(dict(node.labels)),
        about=node.key,
    )


def describes(node: Node, instance: Instance) -> Condition:
    """Type, zone and region, as far as the cloud names them, are this instance's."""
    named = {INSTANCE_TYPE[0]: instance.type, ZONE[0]: instance.zone, REGION[0]: instance.region}
    wanted = {key: value for key, value in named.items() if value}
    return Condition(
        f"node {node.name}: labels {shown(wanted)}",
        lambda: wanted.items() <= node.labels.items(),
        lambda: shown(topology_labels(node.present)),
        about=node.key,
    )


def event(
    node: Node, reason: str, type_: str = "Normal", source: str = "", uid: str = ""
) -> Condition:
    """At least one event of this reason about the node (with `uid`: that object) is on record.

    Events may be aggregated and posted late, so neither counts nor order are looked at. `source`
    is the component, which newer recorders name in `reportingComponent` alone.
    """

    def found() -> list[JsonObject]:
        return [
            seen
            for seen in events_about(node.timeline, node.key)
            if seen.get("reason") == reason
            and seen.get("type") == type_
            and (not source or source in _sources(seen))
            and (not uid or seen["involvedObject"].get("uid") == uid)
        ]

    return Condition(
        f"node {node.name}: {type_} event {reason} of {source or 'anybody'}",
        lambda: bool(found()),
        lambda: shown([_told(seen) for seen in events_about(node.timeline, node.key)]),
        about=node.key,
    )


def events_about(timeline: Timeline, key: ObjectKey) -> list[JsonObject]:
    """Every core/v1 event that the watch has shown about this object."""
    latest: dict[str, JsonObject] = {}
    for entry in timeline.since(0):
        if isinstance(entry, Observed) and entry.key.resource is EVENTS:
            involved = entry.object.get("involvedObject", {})
            if involved.get("kind") == key.resource.kind and involved.get("name") == key.name:
                latest[entry.key.name] = entry.object
    return list(latest.values())


def _sources(told: JsonObject) -> set[str]:
    named = {told.get("source", {}).get("component"), told.get("reportingComponent")}
    return {str(name) for name in named if name}


def _told(told: JsonObject) -> str:
    sources = ", ".join(sorted(_sources(told))) or "nobody"
    return f"{told.get('type')} {told.get('reason')} of {sources}"


def _writable(node: JsonObject) -> JsonObject:
    noise = ("managedFields", "resourceVersion")
    return {
        **{key: value for key, value in node["metadata"].items() if key not in noise},
        **node.get("spec", {}),
        "taints": other_taints(node),
        "addresses": addresses(node),
    }


def _differing(before: JsonObject, after: JsonObject) -> JsonObject:
    keys = before.keys() | after.keys()
    return {key: after.get(key) for key in keys if before.get(key) != after.get(key)}


def _summary(node: JsonObject | None) -> str:
    if node is None:
        return "absent"
    return shown(
        {
            "providerID": provider_id(node),
            "taints": [_as_text(taint) for taint in node.get("spec", {}).get("taints") or ()],
            "addresses": addresses(node),
            "Ready": ready_status(node),
            "deletionTimestamp": node["metadata"].get("deletionTimestamp"),
        }
    )


def _as_text(taint: JsonObject) -> str:
    """As kubectl writes it."""
    return f"{taint['key']}={taint.get('value', '')}:{taint['effect']}"
