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

    Callers that the simulator cannot tell apart count: the row's setting keeps others silent. A
    call about everything (a list) is about these, too, if it is known to be that loop's.
    `since`: the Timeline position of a stimulus before the quiet window, such as a node's joining.
    `disturbed`: only calls count that we disturbed. `failing`: so many of those that a
    question has ended in an error.
    """

    names: frozenset[str]
    by: Loop
    budget: str
    prompt: Callable[[], object] | None = None
    disturbed: bool = False
    failing: bool = False
    since: int | None = None

    def wait(self, case: Case, opened: int, stop: Callable[[], bool]) -> None:
        opened = opened if self.since is None else self.since
        began = case.timeline.since(opened)[0].at  # type: ignore[union-attr]  # a Mark
        wanted = case.timing.attempts if self.failing else 1

        def seen() -> int:
            calls = case.timeline.calls(opened)
            return sum(call.began >= began and self.counts(call) for call in calls)

        if self.prompt is not None:
            self.prompt()
        if not case.wait(lambda: stop() or seen() >= wanted, self.budget):
            disturbed = "disturbed " if self.disturbed or self.failing else ""
            raise Undecidable(
                f"no witness: wanted {wanted} {disturbed}calls of the {self.by or 'subject'} loop "
                f"about {', '.join(sorted(self.names))}, saw {seen()} "
                f"within {case.seconds(self.budget):g} s"
            )

    def counts(self, call: CloudCall) -> bool:
        """Whether this call may testify, whenever it was made."""
        by_it = call.caller in (self.by, Loop.UNKNOWN)
        everything = not call.about and call.caller is self.by and call.resource == "instance"
        about_them = everything or bool(call.about & self.names)
        return by_it and about_them and (call.disturbed or not (self.disturbed or self.failing))


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
