"""What counts as an event about a node, and how a node is summed up in a message."""

from __future__ import annotations

import pytest

from conformance.checks import Case, JsonObject, Node, event, initialized, join
from conformance.contracts.kubernetes import EVENTS

NAMESPACE = "default"
RECORDER = "recorder-of-a-test"


def tell(case: Case, node: Node, **sources: object) -> JsonObject:
    """An event about the node, recorded by somebody else."""
    body: JsonObject = {
        "metadata": {"name": f"{node.name}.told", "namespace": NAMESPACE},
        "involvedObject": {"kind": "Node", "name": node.name, "uid": node.uid},
        "type": "Normal",
        "reason": "Told",
        **sources,
    }
    return case.kube.create(EVENTS, body, NAMESPACE)


@pytest.mark.parametrize(
    "sources",
    [
        {"source": {"component": RECORDER}},
        {
            "source": {},
            "reportingComponent": RECORDER,
            "reportingInstance": "one",
            "action": "Tell",
            "eventTime": "2026-01-01T00:00:00.000000Z",
        },
    ],
    ids=["source", "reporting-component"],
)
def test_an_event_names_its_source_in_either_field(case: Case, sources: JsonObject) -> None:
    node = join(case)
    tell(case, node, **sources)
    case.expect("told", event(node, "Told", source=RECORDER), "event")


def test_a_missing_event_is_named_by_type_reason_and_source(case: Case) -> None:
    node = join(case)
    tell(case, node, source={"component": RECORDER})
    case.expect("told", event(node, "Told"), "event")
    wanted = event(node, "Told", "Warning", source="somebody")
    assert wanted.wanted == f"node {node.name}: Warning event Told of somebody"
    assert f"Normal Told of {RECORDER}" in wanted.seen()
    assert not wanted.holds()


def test_a_node_is_summed_up_with_its_ready_condition(case: Case) -> None:
    assert '"Ready": "True"' in initialized(join(case)).seen()
