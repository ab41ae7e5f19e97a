"""One life of a controller: how it ends, and what is still possible then."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from conformance.contracts.kubernetes import NODES
from fake_cloud.loops.lifeline import Killed, Lifeline, LifelineClient
from tests.fake_cloud.hooked_kube import HookedKube


@pytest.fixture
def lifeline() -> Lifeline:
    return Lifeline(logging.Logger("test"))


@pytest.fixture
def kube() -> Iterator[HookedKube]:
    kube = HookedKube()
    yield kube
    kube.close()


def test_an_ending_life_may_finish_its_work(lifeline: Lifeline, kube: HookedKube) -> None:
    client = LifelineClient(kube, lifeline)
    lifeline.end()
    assert not lifeline.alive
    client.create(NODES, {"metadata": {"name": "last"}})


def test_a_dead_life_does_nothing_more(lifeline: Lifeline, kube: HookedKube) -> None:
    client = LifelineClient(kube, lifeline)
    lifeline.cut()
    for act in (
        lambda: client.create(NODES, {"metadata": {"name": "late"}}),
        lambda: client.list(NODES),
        lambda: client.watch(NODES),
        lambda: lifeline.wait(0),
    ):
        with pytest.raises(Killed):
            act()
    assert kube.writes == []


def test_a_wait_ends_with_the_life(lifeline: Lifeline) -> None:
    ended: list[bool] = []
    waiter = threading.Thread(target=lambda: ended.append(lifeline.wait(60)))
    waiter.start()
    lifeline.end()
    waiter.join(5)
    assert ended == [True]


def test_a_crash_of_one_thread_is_the_end_of_all(lifeline: Lifeline) -> None:
    ended = threading.Event()

    def wait() -> None:
        try:
            lifeline.wait(60)
        finally:
            ended.set()

    def crash() -> None:
        raise AttributeError("nil")

    lifeline.start("waiting", wait)
    lifeline.start("crashing", crash)
    assert ended.wait(5)
    assert lifeline.join(5)
    assert not lifeline.alive
