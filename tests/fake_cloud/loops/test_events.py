"""Events: what is written, how repeats are counted, when the flood is cut off."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from conformance.contracts.kubernetes import EVENTS, ApiError, Resource
from fake_cloud.loops.events import BURST, EventRecorder
from tests.fake_cloud.hooked_kube import HookedKube

NODE = {"metadata": {"name": "blue", "uid": "u-1"}}


@pytest.fixture
def kube() -> Iterator[HookedKube]:
    kube = HookedKube()
    yield kube
    kube.close()


@pytest.fixture
def events(kube: HookedKube) -> EventRecorder:
    return EventRecorder(kube, "cloud-node-controller", logging.Logger("test"))


def test_an_event_is_complete(kube: HookedKube, events: EventRecorder) -> None:
    events.normal(NODE, "Synced", "Node synced successfully")
    (event,) = kube.list(EVENTS)["items"]
    assert event["involvedObject"] == {
        "apiVersion": "v1",
        "kind": "Node",
        "name": "blue",
        "uid": "u-1",
    }
    assert (event["type"], event["reason"], event["count"]) == ("Normal", "Synced", 1)
    assert event["source"] == {"component": "cloud-node-controller"}
    assert event["metadata"]["namespace"] == "default"


def test_a_repeat_is_counted_on_the_first_event(kube: HookedKube, events: EventRecorder) -> None:
    for _ in range(3):
        events.warning(NODE, "DeletingNodeFailed", "refused")
    events.warning(NODE, "DeletingNodeFailed", "refused differently")
    counts = [event["count"] for event in kube.list(EVENTS)["items"]]
    assert counts == [3, 1]


def test_a_repeat_of_an_expired_event_starts_anew(kube: HookedKube, events: EventRecorder) -> None:
    events.normal(NODE, "Synced", "again")
    (first,) = kube.list(EVENTS)["items"]
    kube.delete(EVENTS, first["metadata"]["name"], "default")
    events.normal(NODE, "Synced", "again")
    (second,) = kube.list(EVENTS)["items"]
    assert second["count"] == 1


def test_a_flood_about_one_object_is_cut_off(kube: HookedKube, events: EventRecorder) -> None:
    for number in range(BURST + 5):
        events.normal(NODE, "Synced", f"message {number}")
    assert len(kube.list(EVENTS)["items"]) == BURST
    events.normal({"metadata": {"name": "red", "uid": "u-2"}}, "Synced", "other")
    assert len(kube.list(EVENTS)["items"]) == BURST + 1


def test_an_event_that_is_refused_is_lost_quietly(kube: HookedKube, events: EventRecorder) -> None:
    def refuse(_: str, __: Resource, ___: str) -> None:
        raise ApiError(403, "Forbidden", "no")

    kube.before = refuse
    events.normal(NODE, "Synced", "lost")
    kube.before = lambda *_: None
    assert kube.list(EVENTS)["items"] == []
