from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from conformance.contracts.kubernetes import EVENTS, Invalid, KubeClient, Resource

NEW_EVENTS = Resource("events.k8s.io", "v1", "events", "Event", namespaced=True)


def event(**fields: Any) -> dict[str, Any]:
    about = {"kind": "Pod", "name": "one", "namespace": "default"}
    return {"metadata": {"name": "one.1"}, "involvedObject": about, "reason": "Seen", **fields}


def test_both_groups_serve_the_same_events(kube: KubeClient) -> None:
    kube.create(EVENTS, event(message="hello", count=1), "default")
    found = kube.get(NEW_EVENTS, "one.1", "default")
    assert found["apiVersion"] == "events.k8s.io/v1"
    assert (found["note"], found["regarding"]["name"]) == ("hello", "one")
    assert found["deprecatedCount"] == 1
    assert len(kube.list(NEW_EVENTS, "default")["items"]) == 1


def test_the_new_group_writes_into_the_same_store(kube: KubeClient) -> None:
    body = {
        "metadata": {"name": "two.1"},
        "eventTime": "2026-01-01T00:00:00.000001Z",
        "reportingController": "example.com/c",
        "reportingInstance": "c-1",
        "action": "Seeing",
        "reason": "Seen",
        "type": "Normal",
        "regarding": {"kind": "Pod", "name": "one", "namespace": "default"},
    }
    kube.create(NEW_EVENTS, body, "default")
    assert kube.get(EVENTS, "two.1", "default")["involvedObject"]["name"] == "one"
    patch = {"series": {"count": 2, "lastObservedTime": "2026-01-01T00:00:01.000000Z"}}
    changed = kube.patch(NEW_EVENTS, "two.1", patch, "default")
    assert changed["series"]["count"] == 2


def test_watches_of_both_groups_see_one_write(kube: KubeClient) -> None:
    with kube.watch(NEW_EVENTS, "default") as watch:
        kube.create(EVENTS, event(message="hello"), "default")
        notes = [found.object.get("note") for found in islice(watch, 2)]
    assert notes == [None, "hello"]  # the first is the bookmark after what was there


def test_events_are_selected_by_what_they_are_about(kube: KubeClient) -> None:
    kube.create(EVENTS, event(), "default")
    assert kube.list(EVENTS, field_selector="involvedObject.name=one")["items"]
    assert not kube.list(EVENTS, field_selector="involvedObject.name=two")["items"]


def test_an_event_lives_in_the_namespace_of_its_object(kube: KubeClient) -> None:
    with pytest.raises(Invalid, match=r"does not match event\.namespace"):
        kube.create(EVENTS, event(), "kube-system")
