"""The work queue: no key waits twice, none is lost, failures come back later and later."""

from __future__ import annotations

import threading

from fake_cloud.loops.work_queue import WorkQueue


def test_a_key_waits_once() -> None:
    queue = WorkQueue(0.001, 1)
    queue.add("a")
    queue.add("a")
    queue.add("b")
    assert [queue.get(), queue.get()] == ["a", "b"]


def test_a_key_added_during_its_work_comes_again_afterwards() -> None:
    queue = WorkQueue(0.001, 1)
    queue.add("a")
    assert queue.get() == "a"
    queue.add("a")
    queue.add("b")
    assert queue.get() == "b"
    queue.done("a")
    assert queue.get() == "a"


def test_a_failed_key_comes_back_by_itself() -> None:
    queue = WorkQueue(0.001, 1)
    queue.add("a")
    assert queue.get() == "a"
    queue.add_after_failure("a")
    queue.done("a")
    assert queue.get() == "a"


def test_back_off_doubles_up_to_the_cap_and_success_resets_it() -> None:
    queue = WorkQueue(0.25, 1.0)
    delays = [queue.back_off("a") for _ in range(4)]
    assert delays == [0.25, 0.5, 1.0, 1.0]
    queue.forget("a")
    assert queue.back_off("a") == 0.25
    assert queue.back_off("b") == 0.25


def test_closing_wakes_who_waits_and_takes_nothing_more() -> None:
    queue = WorkQueue(0.001, 1)
    got: list[str | None] = []
    waiter = threading.Thread(target=lambda: got.append(queue.get()))
    waiter.start()
    queue.close()
    waiter.join(5)
    queue.add("a")
    assert got == [None]
    assert queue.get() is None
