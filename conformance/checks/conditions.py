"""What a check waits for: a condition says what was wanted, whether it holds, and what was seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from conformance.contracts.kubernetes import JsonObject
from conformance.timeline import ObjectKey


@dataclass(frozen=True, slots=True)
class Condition:
    """`holds` is evaluated whenever the Timeline grows, and at the adapter's poll period.

    `about` names the object whose events and last state belong to the time-out message.
    """

    wanted: str
    holds: Callable[[], bool]
    seen: Callable[[], str]
    about: ObjectKey | None = None


def unless(condition: Condition) -> Condition:
    """The negation."""
    return Condition(
        f"not ({condition.wanted})",
        lambda: not condition.holds(),
        condition.seen,
        condition.about,
    )


def both(first: Condition, second: Condition) -> Condition:
    """Holds when both hold."""
    return Condition(
        f"{first.wanted} and {second.wanted}",
        lambda: first.holds() and second.holds(),
        lambda: f"{first.seen()}; {second.seen()}",
        first.about or second.about,
    )


def compared(what: str, wanted: object, seen: object) -> Condition:
    """Holds if something that was read already is what it must be; `what` names it."""
    return Condition(f"{what} {shown(wanted)}", lambda: seen == wanted, lambda: shown(seen))


def shown(value: object, limit: int = 300) -> str:
    """A value on one line, short enough for a message."""
    text = json.dumps(value, default=str, sort_keys=True)
    return text if len(text) <= limit else f"{text[:limit]}..."


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must be true of one object in every state that the watch shows, absence (None) too.

    `seen` tells of a state that is not allowed what belongs into the message.
    """

    wanted: str
    about: ObjectKey
    allows: Callable[[JsonObject | None], bool]
    seen: Callable[[JsonObject | None], str] = shown
