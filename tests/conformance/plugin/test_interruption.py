"""A signal that comes in the middle of a record is heard after it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from conformance.plugin.interruption import SIGNALS, interrupt_on_sigterm, uninterrupted


@pytest.fixture(autouse=True)
def _handlers_of_a_run() -> Iterator[None]:
    before = [signal.getsignal(number) for number in SIGNALS]
    interrupt_on_sigterm()
    yield
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_it_is_heard_at_the_end_of_the_outermost_block(number: signal.Signals) -> None:
    done: list[str] = []

    def write() -> None:
        with uninterrupted():
            with uninterrupted():
                signal.raise_signal(number)
                done.append("inner")
            done.append("outer")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert done == ["inner", "outer"]


def test_without_a_signal_nothing_is_changed() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with uninterrupted():
        pass

    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_other_threads_have_nothing_to_hold_back() -> None:
    done: list[bool] = []

    def block() -> None:
        with uninterrupted():
            done.append(True)

    thread = threading.Thread(target=block)
    thread.start()
    thread.join()

    assert done == [True]
