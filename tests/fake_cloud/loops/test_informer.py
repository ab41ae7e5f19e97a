"""The informer: first list, changes, lost watches, expired watches, the end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from conformance.contracts.kubernetes import NODES, ApiUnreachable, Resource, WatchType
from fake_cloud.loops.informer import Informer
from fake_cloud.loops.lifeline import Lifeline
from tests.fake_cloud.hooked_kube import HookedKube


@dataclass
class Followed:
    kube: HookedKube = field(default_factory=HookedKube)
    seen: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        log = logging.Logger("test")
        self.lifeline = Lifeline(log)
        self.informer = Informer(
            self.kube, NODES, self.lifeline, log, label_selector="team=blue", relist=0.001
        )
        self.informer.handle(self._see)

    def _see(self, change: WatchType, node: dict[str, dict[str, str]]) -> None:
        self.seen.append((change.value, node["metadata"]["name"]))
        self.kube.ring()

    def create(self, name: str, team: str = "blue") -> None:
        self.kube.create(NODES, {"metadata": {"name": name, "labels": {"team": team}}})

    def start(self) -> None:
        self.lifeline.start("informer", self.informer.run)
        assert self.informer.wait_synced()

    def stop(self) -> bool:
        self.lifeline.end()
        self.informer.close()
        return self.lifeline.join(5)


@pytest.fixture
def followed() -> Iterator[Followed]:
    followed = Followed()
    yield followed
    followed.stop()
    followed.kube.close()


def test_the_first_list_is_told_as_additions(followed: Followed) -> None:
    followed.create("one")
    followed.create("stranger", team="red")
    followed.start()
    assert followed.seen == [("ADDED", "one")]
    assert [node["metadata"]["name"] for node in followed.informer.objects()] == ["one"]


def test_changes_follow(followed: Followed) -> None:
    followed.start()
    followed.create("one")
    followed.kube.patch(NODES, "one", {"spec": {"unschedulable": True}})
    followed.kube.delete(NODES, "one")
    followed.kube.wait_for(lambda: len(followed.seen) == 3)
    assert [change for change, _ in followed.seen] == ["ADDED", "MODIFIED", "DELETED"]
    assert followed.informer.get("one") is None


def test_an_expired_watch_is_made_good_by_a_list(followed: Followed) -> None:
    followed.create("kept")
    followed.create("gone")
    followed.start()
    lists: list[str] = []

    def note(verb: str, _: Resource, __: str) -> None:
        lists.append(verb)

    followed.kube.before = note
    followed.kube.expire_watches()
    followed.kube.delete(NODES, "gone")
    followed.create("new")
    followed.kube.wait_for(lambda: ("DELETED", "gone") in followed.seen)
    followed.kube.wait_for(lambda: ("ADDED", "new") in followed.seen)
    assert "list" in lists
    assert followed.seen.count(("ADDED", "kept")) == 1


def test_an_outage_is_waited_out(followed: Followed) -> None:
    refusals = iter([True, True, True])

    def refuse(_: str, __: Resource, ___: str) -> None:
        if next(refusals, False):
            raise ApiUnreachable("connection refused")

    followed.kube.before = refuse
    followed.start()
    followed.create("one")
    followed.kube.wait_for(lambda: ("ADDED", "one") in followed.seen)


def test_it_ends_with_its_life(followed: Followed) -> None:
    followed.start()
    assert followed.stop()
    followed.create("late")
    assert followed.seen == []
    assert not followed.informer.wait_synced()
