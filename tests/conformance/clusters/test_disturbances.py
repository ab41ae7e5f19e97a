"""Switches last as long as their context, and selectors choose requests."""

from __future__ import annotations

import threading

import pytest

from conformance.clusters.disturbances import Disturbances
from conformance.clusters.requests import Request
from conformance.contracts.clusters import ApiRequest

PATCH = Request("patch", "nodes", "a", "")
GET = Request("get", "nodes", "a", "")


class RecordingDoor:
    def __init__(self) -> None:
        self.told: list[str] = []

    def close(self) -> None:
        self.told.append("close")

    def open(self) -> None:
        self.told.append("open")

    def expire_watches(self) -> None:
        self.told.append("expire")


@pytest.fixture
def door() -> RecordingDoor:
    return RecordingDoor()


@pytest.fixture
def disturbances(door: RecordingDoor) -> Disturbances:
    return Disturbances(door)


def test_a_refusal_meets_what_its_selector_says(disturbances: Disturbances) -> None:
    with disturbances.refuse(verb="patch", code=409), disturbances.refuse(name="b", code=403):
        assert disturbances.refusal(PATCH) == 409
        assert disturbances.refusal(GET) == 0
        assert disturbances.refusal(Request("get", "nodes", "b", "")) == 403

    assert disturbances.refusal(PATCH) == 0


def test_an_empty_selector_meets_everything(disturbances: Disturbances) -> None:
    with disturbances.refuse():
        assert disturbances.refusal(Request("get", "", "/healthz", "")) == 500


def test_the_first_matching_request_is_held_until_the_release(disturbances: Disturbances) -> None:
    with disturbances.hold(verb="patch") as hold:
        assert disturbances.holder(GET) is None
        assert not hold.wait_held(0)
        holder = disturbances.holder(PATCH)
        assert holder is not None
        assert hold.wait_held(0)
        assert disturbances.holder(PATCH) is None
        waiting = threading.Thread(target=holder.wait_released)
        waiting.start()
        hold.release()
        waiting.join(30)
        assert not waiting.is_alive()


def test_leaving_the_context_releases(disturbances: Disturbances) -> None:
    with disturbances.hold():
        holder = disturbances.holder(PATCH)

    assert holder is not None
    holder.wait_released()


def test_an_outage_closes_the_door_and_opens_it_again(
    disturbances: Disturbances, door: RecordingDoor
) -> None:
    with pytest.raises(RuntimeError), disturbances.outage():
        raise RuntimeError
    disturbances.expire_watches()

    assert door.told == ["close", "open", "expire"]


def test_listeners_hear_until_they_stop(disturbances: Disturbances) -> None:
    heard: list[ApiRequest] = []
    stop = disturbances.subscribe(heard.append)
    disturbances.finished(PATCH, 409, disturbed=True, reason="Conflict: stale")
    stop()
    stop()
    disturbances.finished(PATCH, 200, disturbed=False)

    (one,) = heard
    assert (one.verb, one.status, one.disturbed) == ("patch", 409, True)
    assert one.reason == "Conflict: stale"
