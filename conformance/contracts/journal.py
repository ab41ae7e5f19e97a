"""What the recorder tells about the subject's cloud calls, and how it can disturb them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Loop(StrEnum):
    """The loops of a cloud controller, as callers in the journal."""

    NODE_INITIALIZATION = "node-initialization"
    NODE_ADDRESSES = "node-addresses"
    NODE_LIFECYCLE = "node-lifecycle"
    SERVICE = "service"
    ROUTE = "route"
    UNKNOWN = ""
    """The simulator cannot tell which loop called."""


@dataclass(frozen=True, slots=True)
class CloudCall:
    """One call of the subject to the cloud API, in neutral words.

    `resource`: instance, zone, load-balancer, route, ...; `verb`: get, list, power, create, update,
    delete. `about`: ids and names in the request, empty for "everything". `began` and `ended` are
    monotonic seconds. `revision`: the cluster's resourceVersion while a mutating call was held, or
    None. `error`: what the subject was answered, empty for success. `disturbed`: we caused that.
    """

    resource: str
    verb: str
    about: frozenset[str]
    caller: Loop
    began: float
    ended: float
    operation: str = ""
    """The call's name in the provider's own words, for people."""
    revision: int | None = None
    error: str = ""
    disturbed: bool = False
    detail: Mapping[str, str] = field(default_factory=dict)


class Fault(StrEnum):
    """Misbehaviours of a cloud API that a check can ask for."""

    SERVER_ERROR = "server-error"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    DENIED = "denied"
    MALFORMED = "malformed"
    LOST_ANSWER = "lost-answer"
    EMPTY_LIST = "empty-list"
    NO_ADDRESSES = "no-addresses"
    POWER_STATE = "power-state"
    """Only the question whether an instance is shut down fails."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What to disturb. Empty selectors match every call; `about` names one object."""

    fault: Fault
    resource: str = ""
    verb: str = ""
    about: frozenset[str] = frozenset()

    def matches(self, resource: str, verb: str, about: frozenset[str]) -> bool:
        """Whether a call with these words is disturbed."""
        return (
            self.resource in ("", resource)
            and self.verb in ("", verb)
            and (not self.about or bool(self.about & about))
        )


class Journal(Protocol):
    """Append-only list of the subject's calls."""

    def calls(self) -> Sequence[CloudCall]: ...

    def subscribe(self, listener: Callable[[CloudCall], object]) -> Callable[[], None]:
        """Call `listener` for each call from now on; returns how to stop that."""
        ...


class CloudDisturbance(Protocol):
    """Switches misbehaviour on for a while. `faults` is what it can do."""

    @property
    def faults(self) -> frozenset[Fault]: ...

    def disturb(self, disturbance: Disturbance) -> AbstractContextManager[None]: ...
