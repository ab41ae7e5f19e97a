"""Labels: type, zone and region under both keys, the provider's own, and nobody else's touched."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conformance.checks import (
    INSTANCE_TYPE,
    NODES,
    REGION,
    ZONE,
    Case,
    Condition,
    InstanceShape,
    JsonObject,
    Node,
    NodeShape,
    compared,
    every,
    initialized,
    join,
    joined,
    labelled,
    launch,
    requirement,
    shown,
    standing,
)

RESERVED = re.compile(r"(^|\.)(kubernetes|k8s)\.io/")
"""Keys that belong to Kubernetes (k8s.io/cloud-provider controllers/node/node_controller.go)."""

OPERATORS = "set-by-operator"


@requirement("node.init.instance-type-labels")
def test_instance_type_is_published_under_both_keys(case: Case) -> None:
    """Refuted if either key is missing or is not the cloud's name of the type."""
    node = joined(case)
    case.expect("type", labelled(node, INSTANCE_TYPE, node.backing.type), "node-labels")


@requirement("node.init.zone-labels")
def test_zone_is_published_under_both_keys(case: Case) -> None:
    """Refuted if either key is missing or is not the cloud's name of the zone."""
    node = joined(case)
    case.expect("zone", labelled(node, ZONE, node.backing.zone), "node-labels")


@requirement("node.init.region-labels")
def test_region_is_published_under_both_keys(case: Case) -> None:
    """Refuted if either key is missing or is not the cloud's name of the region."""
    node = joined(case)
    case.expect("region", labelled(node, REGION, node.backing.region), "node-labels")


@requirement("node.label.type-pair")
def test_the_type_stands_under_both_keys(case: Case) -> None:
    """Refuted if either key is missing on a node, or they differ."""
    case.expect("pair", paired(case, INSTANCE_TYPE), "node-labels")


@requirement("node.label.zone-pair")
def test_the_zone_stands_under_both_keys(case: Case) -> None:
    """Refuted if either key is missing on a node, or they differ."""
    case.expect("pair", paired(case, ZONE), "node-labels")


@requirement("node.label.region-pair")
def test_the_region_stands_under_both_keys(case: Case) -> None:
    """Refuted if either key is missing on a node, or they differ."""
    case.expect("pair", paired(case, REGION), "node-labels")


@requirement("node.init.zone-is-the-instances")
def test_zone_is_that_of_the_nodes_own_instance(case: Case) -> None:
    """Refuted if nodes of two zones carry one zone, or each other's."""
    nodes = [joined(case, launch(case, InstanceShape(zone=zone))) for zone in (0, 1)]
    for node in nodes:
        case.expect("own-zone", labelled(node, ZONE[:1], node.backing.zone), "node-labels")
    zones = {node.labels[ZONE[0]] for node in nodes}
    case.expect("zones-differ", compared("number of zones", len(nodes), len(zones)))


@requirement("node.init.additional-labels")
def test_promised_labels_are_applied(case: Case) -> None:
    """Refuted if a label that the provider promises for the instance is missing or wrong."""
    node = joined(case)
    case.observed(
        Condition(
            "the adapter promises additional labels",
            lambda: bool(node.backing.labels),
            lambda: shown(dict(node.backing.labels)),
        )
    )
    for key, value in node.backing.labels.items():
        case.expect("promised-label", labelled(node, [key], value), "node-labels")


@requirement("node.init.labels-no-overwrite")
def test_provider_labels_overwrite_nothing(case: Case) -> None:
    """Refuted if an operator's label changes or a key in Kubernetes' own domains is added."""
    instance = launch(case)
    theirs = {"example.org/owner": OPERATORS, **dict.fromkeys(instance.labels, OPERATORS)}
    node = join(case, instance, NodeShape(labels=theirs))
    before = set(node.versions()[0]["metadata"]["labels"])
    case.given("node.init.taint-removed", initialized(node), "node-init")
    left = {key: node.labels.get(key) for key in theirs}
    case.expect("operator-labels-kept", compared("the operator's labels", theirs, left))
    added = set(node.labels) - before - {*INSTANCE_TYPE, *ZONE, *REGION}
    claimed = sorted(key for key in added if RESERVED.search(key))
    case.expect("reserved-domains-untouched", compared("reserved keys added", [], claimed))


@requirement("node.label.beta-to-ga")
def test_beta_label_is_the_source_of_truth(case: Case) -> None:
    """Refuted if a GA label does not follow the beta label on the next node event, or does not
    come back when it is deleted.
    """
    node = joined(case)
    values = {ZONE: "changed-zone", REGION: "changed-region", INSTANCE_TYPE: "changed-type"}
    relabel(case, node, {beta: value for (_, beta), value in values.items()})
    for keys, value in values.items():
        case.expect("ga-follows-beta", labelled(node, keys, value), "node-labels")
    relabel(case, node, {ga: None for ga, _ in values})
    for keys, value in values.items():
        case.expect("ga-restored", labelled(node, keys, value), "node-labels")


def relabel(case: Case, node: Node, labels: Mapping[str, str | None]) -> None:
    """Set labels of a node, or delete those without a value; returns when the watch shows it."""
    case.step(f"relabel node {node.name}", labels=shown(labels))
    written = case.kube.patch(NODES, node.name, {"metadata": {"labels": dict(labels)}})
    revision = written["metadata"]["resourceVersion"]

    def revisions() -> list[str]:
        return [seen["metadata"]["resourceVersion"] for seen in node.versions()]

    case.observed(
        Condition(
            f"the watch shows node {node.name} at {revision}",
            lambda: revision in revisions(),
            lambda: shown(revisions()),
        ),
        "event",
    )


def paired(case: Case, keys: tuple[str, str]) -> Condition:
    """Every node has one value under both keys."""

    def has_both(node: JsonObject) -> bool:
        labels = node["metadata"].get("labels", {})
        values = {labels.get(key) for key in keys}
        return len(values) == 1 and bool(values.pop())

    return every(standing(case), f"one value under {shown(keys)}", has_both)
