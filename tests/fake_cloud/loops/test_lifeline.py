"""One life of a controller: how it ends, and what is still possible then."""

from __future__ import annotations

import logging
import threading

import pytest

from conformance.contracts.kubernetes import NODES
from fake_cloud.loops.lifeline import Killed, Lifeline, LifelineClient
from tests.fake_cloud.memory_kube import MemoryKube


@pytest.fixture
def lifeline() -> Lifeline:
    return Lifeline(logging.Logger("test"))


def test_an_ending_life_may_finish_its_work(lifeline: Lifeline) -> None:
    client = LifelineClient(MemoryKube(), lifeline)
    lifeline.end()
    assert not lifeline.alive
    client.create(NODES, {"metadata": {"name": "last"}})


def test_a_dead_life_does_nothing_more(lifeline: Lifeline) -> None:
    kube = MemoryKube()
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
