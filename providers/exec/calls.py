"""The cloud calls that a program tells of, as a recorder's journal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from fake_cloud.recorder import LiveCall, Recorder
from providers.exec.answers import Call, Called
from providers.exec.questions import Recorded

MOST_OPEN = 1000
"""Calls without an end; a program that never ends one is told so."""


class ToldCalls:
    """Enters a call in the recorder when it is told, and leaves it when it has ended."""

    def __init__(self, recorder: Recorder, answer: Callable[[Recorded], None]) -> None:
        self._recorder = recorder
        self._answer = answer
        self._open: dict[int, tuple[AbstractContextManager[LiveCall], LiveCall]] = {}

    def begin(self, call: Call) -> None:
        """Answer it; a mutating call on a thread of its own, because its stamp takes time.

        Raises ValueError for a call that is open already, or one too many.
        """
        if call.id in self._open or len(self._open) >= MOST_OPEN:
            raise ValueError(f"call {call.id} begins, and {len(self._open)} are open, it or others")
        if call.mutating:
            threading.Thread(target=self._enter, args=(call,), daemon=True).start()
        else:
            self._enter(call)

    def end(self, called: Called) -> None:
        """Raises ValueError for a call that is not open."""
        if called.id not in self._open:
            raise ValueError(f"call {called.id} ends and was never answered")
        entered, live = self._open.pop(called.id)
        live.error = called.error
        live.about.update(called.about)
        live.detail.update(called.detail)
        entered.__exit__(None, None, None)

    def abandon(self) -> None:
        """End every open call: the program is gone, and its subject got no answer."""
        for number in list(self._open):
            self.end(Called(id=number, error="the adapter program ended"))

    def _enter(self, call: Call) -> None:
        entered = self._recorder.call(
            call.resource,
            call.verb,
            call.about,
            caller=call.caller,
            operation=call.operation,
            mutating=call.mutating,
            detail=call.detail,
        )
        live = entered.__enter__()
        self._open[call.id] = (entered, live)
        self._answer(Recorded(id=call.id, fault=live.fault, revision=live.revision))
