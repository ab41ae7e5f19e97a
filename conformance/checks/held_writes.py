"""The subject's write of one object, held on its way, whichever verb it is written with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from conformance.checks.case import Case
from conformance.checks.verdicts import Undecidable
from conformance.contracts.clusters import Hold

WRITES = ("update", "patch")
"""Verbs that change an object; a controller may choose."""

TURN = 0.02
"""Seconds for which one of the holds is waited for before the other has its turn."""


@dataclass(frozen=True, slots=True)
class HeldWrite:
    """Waits for the subject's first write, and lets it go."""

    case: Case
    name: str
    holds: tuple[Hold, ...]

    def wait(self, budget: str) -> None:
        """Returns when a write is held; raises `Undecidable` when none came within the budget."""
        until = time.monotonic() + self.case.seconds(budget)
        while not any(hold.wait_held(TURN) for hold in self.holds):
            if time.monotonic() > until:
                raise Undecidable(f"the subject did not write {self.name}: nothing to overtake")

    def release(self) -> None:
        """Let it pass. Nothing is held any more."""
        for hold in self.holds:
            hold.release()


@contextmanager
def first_write_held(case: Case, resource: str, name: str) -> Iterator[HeldWrite]:
    """Hold the subject's first update and first patch of this object, until released."""
    with ExitStack() as stack:
        hold = case.kubernetes_disturbance.hold
        contexts = [hold(verb=verb, resource=resource, name=name) for verb in WRITES]
        yield HeldWrite(case, name, tuple(stack.enter_context(one) for one in contexts))
