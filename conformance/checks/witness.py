"""Who can testify that a loop was at work while nothing happened.

Silence proves nothing by itself: the loop may be dead. A witness is a sign of the loop under
judgement that began after the stimulus. `wait` returns when it was seen; it raises `Undecidable`
when there was none and `Blocked` when a sentinel object was not acted upon either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from conformance.checks.conditions import Condition
from conformance.checks.verdicts import Blocked, Undecidable
from conformance.contracts.journal import CloudCall, Loop

if TYPE_CHECKING:
    from conformance.checks.case import Case

ROUNDS = 2
"""A round may have begun before the stimulus; the second one cannot have (with parallel workers
one object's turn says nothing about another's in the same round)."""


class Witness(Protocol):
    """`opened` is the Timeline position of the stimulus, `stop` ends the wait early."""

    def wait(self, case: Case, opened: int, stop: Callable[[], bool]) -> None: ...


@dataclass(frozen=True, slots=True)
class Consulted:
    """The journal holds a call by this loop about one of these names, begun after the stimulus.

    Callers that the simulator cannot tell apart count: the row's setting keeps others silent. A call
    about everything (a list) is about these, too, if it is known to be that loop's. `disturbed`:
    only calls count that we disturbed.
    """

    names: frozenset[str]
    by: Loop
    budget: str
    prompt: Callable[[], object] | None = None
    disturbed: bool = False

    def wait(self, case: Case, opened: int, stop: Callable[[], bool]) -> None:
        began = case.timeline.since(opened)[0].at  # type: ignore[union-attr]  # a Mark

        def seen(call: CloudCall) -> bool:
            known_caller = call.caller in (self.by, Loop.UNKNOWN)
            counts = call.disturbed or not self.disturbed
            return known_caller and counts and self._about_us(call) and call.began >= began

        def testified() -> bool:
            return stop() or any(seen(call) for call in case.timeline.calls(opened))

        if self.prompt is not None:
            self.prompt()
        if not case.wait(testified, self.budget):
            raise Undecidable(
                f"no witness: the {self.by or 'subject'} loop made no "
                f"{'disturbed ' if self.disturbed else ''}call about "
                f"{', '.join(sorted(self.names))} within {case.seconds(self.budget):g} s"
            )

    def _about_us(self, call: CloudCall) -> bool:
        everything = not call.about and call.caller is self.by and call.resource == "instance"
        return everything or bool(call.about & self.names)


@dataclass(frozen=True, slots=True)
class Acted:
    """A positive effect of the same loop on the same object; `rests_on` promises the effect."""

    effect: Condition
    budget: str
    rests_on: str

    def wait(self, case: Case, opened: int, stop: Callable[[], bool]) -> None:  # noqa: ARG002
        if not case.wait(lambda: stop() or self.effect.holds(), self.budget):
            raise Blocked(
                self.rests_on, f"no witness: wanted {self.effect.wanted}, saw {self.effect.seen()}"
            )


@dataclass(frozen=True, slots=True)
class Sentinel:
    """Another object on which the loop acts, in two rounds that began after the stimulus.

    `round_of(case)` sets one up and gives the condition that shows the loop's effect on it.
    """

    round_of: Callable[[Case], Condition]
    budget: str
    rests_on: str

    def wait(self, case: Case, opened: int, stop: Callable[[], bool]) -> None:  # noqa: ARG002
        for number in range(1, ROUNDS + 1):
            effect = self.round_of(case)
            if not case.wait(lambda: stop() or effect.holds(), self.budget):  # noqa: B023
                raise Blocked(
                    self.rests_on,
                    f"sentinel {number} had no effect: wanted {effect.wanted}, saw {effect.seen()}",
                )
