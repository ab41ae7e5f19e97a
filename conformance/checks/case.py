"""One check's scope: it makes things, states premises, decides, and is cleaned up after.

`given` is a premise (not held: blocked), `expect` decides (not held: failed), `quiet` decides that
something does not happen and needs a witness, `observed` is something that must have been seen for
the check to mean anything (not seen: error).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar

from conformance.checks.clean_up import CleanUp, Leak
from conformance.checks.conditions import Condition, Invariant, shown
from conformance.checks.node_conditions import events_about
from conformance.checks.read_back import ReadBackControl, ReadBackProcess, ReadView, ToldKubelet
from conformance.checks.verdicts import (
    Blocked,
    Refuted,
    SilentlyIgnored,
    StaleDeclaration,
    Undecidable,
)
from conformance.checks.waiting import wait_until
from conformance.checks.witness import Witness
from conformance.contracts.clusters import KubernetesDisturbance
from conformance.contracts.instances import InstanceControl, InstanceView, Kubelet
from conformance.contracts.journal import Disturbance, Fault, Journal
from conformance.contracts.kubernetes import JsonObject, KubeClient
from conformance.contracts.providers import Offer, Timing
from conformance.contracts.requirements import Requirement
from conformance.environment import KILLED_AT_QUIET, Environment
from conformance.timeline import ObjectKey, Timeline
from reports.model import Wait

Part = TypeVar("Part")

CLEAN_UP_BUDGET = 15.0
"""Seconds that a case waits, for everything that it undid together, until it is gone."""

HURRY = 0.1
"""Part of a budget that a premise gets which has failed before; two reactions at least."""


class Case:
    """Given to each check as its only argument."""

    def __init__(
        self,
        requirement: Requirement,
        environment: Environment,
        refuted: frozenset[str] = frozenset(),
    ) -> None:
        """`refuted`: requirements that did not hold earlier in this run; nobody waits for them as
        long again."""
        self.requirement = requirement
        self.timing: Timing = environment.world.timing
        self.timeline: Timeline = environment.timeline
        self.clean_up = CleanUp()
        self.waits: list[Wait] = []
        self.opened = environment.timeline.mark("step", f"begin {requirement.id}")
        self.decisions = 0
        self._environment = environment
        self._refuted = refuted
        self._process: ReadBackProcess | None = None

    @property
    def run_id(self) -> str:
        return self._environment.run_id

    @property
    def environment(self) -> Environment:
        return self._environment

    @property
    def offer(self) -> Offer:
        """What the subject of this requirement offers; starts it when it does not run yet."""
        return self._environment.offer(self.requirement.subject)

    @property
    def kube(self) -> KubeClient:
        """Our own client, past every disturbance."""
        return self._environment.cluster().kube

    @property
    def cloud(self) -> InstanceView:
        """Ground truth about instances."""
        return ReadView(_offered(self.offer.instances, "view"))

    @property
    def control(self) -> InstanceControl:
        """Every call is read back; one without effect is the adapter's error."""
        view = _offered(self.offer.instances, "view")
        return ReadBackControl(_offered(self.offer.control, "control"), view)

    @property
    def kubelet(self) -> Kubelet:
        return ToldKubelet(_offered(self.offer.kubelet, "kubelet"))

    @property
    def journal(self) -> Journal:
        return _offered(self.offer.journal, "journal")

    @property
    def faults(self) -> frozenset[Fault]:
        """Misbehaviours of the cloud API that can be asked for here."""
        return _offered(self.offer.disturb, "disturb").faults

    @property
    def process(self) -> ReadBackProcess:
        if self._process is None:
            self._process = ReadBackProcess(_offered(self.offer.process, "process"))
        return self._process

    @property
    def kubernetes_disturbance(self) -> KubernetesDisturbance:
        return _offered(self._environment.cluster().disturbance, "kubernetes-disturb")

    def seconds(self, budget: str) -> float:
        """The budget of this name in seconds, as the adapter declares it."""
        return self.timing.budget(budget)

    def wait(self, holds: Callable[[], bool], budget: str) -> bool:
        """Wait for `holds` without deciding anything."""
        return wait_until(self.timeline, holds, self.seconds(budget), self.timing.poll)

    def step(self, title: str, **detail: object) -> int:
        """Leave a mark on the Timeline and return its position."""
        return self.timeline.mark("step", title, **detail)

    @contextmanager
    def disturb(
        self,
        fault: Fault,
        *,
        about: frozenset[str] = frozenset(),
        resource: str = "",
        verb: str = "",
    ) -> Iterator[None]:
        """A misbehaviour of the cloud API towards the subject, until the context ends."""
        recorder = _offered(self.offer.disturb, "disturb")
        self.timeline.mark("disturb", f"cloud: {fault} on", about=sorted(about))
        with recorder.disturb(Disturbance(fault, resource, verb, about)):
            yield
        self.timeline.mark("disturb", f"cloud: {fault} off")

    def given(self, rests_on: str, condition: Condition, budget: str) -> None:
        """A premise that another requirement promises; raises `Blocked` when it does not hold."""
        again = rests_on in self._refuted
        held, message = self._decide("given", rests_on, condition, budget, hurried=again)
        if not held:
            before = "; it already failed in this run, so it got less than its budget"
            raise Blocked(rests_on, message + (before if again else "") + self._obituary())

    def expect(self, expectation: str, condition: Condition | bool, budget: str = "") -> None:
        """Decide. Raises `Refuted` when the condition is false or did not hold in its budget."""
        self.decisions += 1
        if isinstance(condition, Condition):
            held, message = self._decide("expect", expectation, condition, budget)
        else:
            held, message = condition, "the recorded evidence says otherwise"
            self.timeline.mark("expect", expectation, held=held)
        if not held:
            message += self._obituary()
            raise Refuted(expectation, f"{self.requirement.id} {expectation}: {message}")

    def observed(self, condition: Condition, budget: str = "") -> None:
        """Something without which the check would mean nothing; `Undecidable` when not seen."""
        held, message = self._decide("given", "observed", condition, budget)
        if not held:
            raise Undecidable(f"this had to be observed first: {message}")

    def quiet(
        self,
        expectation: str,
        *invariants: Invariant,
        witness: Witness,
        period: float,
        after: Callable[[], object] | None = None,
    ) -> None:
        """Decide that nothing happens: every state of the objects satisfies the invariants.

        `after` is the stimulus; it runs when the window is open. The window lasts two `period`s
        and at least one after the witness was seen. Raises `Refuted`, `Blocked` or `Undecidable`.
        """
        self.decisions += 1
        if self._environment.world.canary == KILLED_AT_QUIET:
            self.process.kill()
        opened = self.timeline.mark("quiet", expectation, wanted=[i.wanted for i in invariants])
        began = time.monotonic()
        if after is not None:
            after()

        def broken() -> Invariant | None:
            return next((i for i in invariants if not self._kept(i, opened)), None)

        witness.wait(self, opened, lambda: broken() is not None)
        window = max(began + 2 * period, time.monotonic() + period) - time.monotonic()
        wait_until(self.timeline, lambda: broken() is not None, window, self.timing.poll)
        held = broken() is None
        observed = time.monotonic() - began
        self.waits.append(
            Wait(expectation=expectation, kind="quiet", budget=window, observed=observed, held=held)
        )
        self._judge_quiet(expectation, broken(), opened)

    def _judge_quiet(self, expectation: str, broken: Invariant | None, opened: int) -> None:
        if broken is not None:
            raise Refuted(
                expectation,
                f"{self.requirement.id} {expectation}: wanted {broken.wanted} throughout, saw "
                f"{broken.seen(self._refuting(broken, opened)[0])}",
            )
        if gaps := self.timeline.gaps(opened):
            raise Undecidable(f"the watch of {gaps[0].resource} was lost in the quiet window")

    def _kept(self, invariant: Invariant, opened: int) -> bool:
        return not self._refuting(invariant, opened)

    def _refuting(self, invariant: Invariant, opened: int) -> list[JsonObject | None]:
        states = self.timeline.states(invariant.about, opened)
        return [state for state in states if not invariant.allows(state)]

    def refusal(self, expectation: str, refused: Condition, works: Condition, budget: str) -> None:
        """Decide a refusal: returns when it was refused visibly.

        Raises `StaleDeclaration` when it works after all, `SilentlyIgnored` when neither showed.
        """
        self.decisions += 1
        self.wait(lambda: refused.holds() or works.holds(), budget)
        if works.holds():
            raise StaleDeclaration(expectation, f"declared absent, but: {works.wanted}")
        if not refused.holds():
            raise SilentlyIgnored(
                expectation,
                f"{self.requirement.id} {expectation}: accepted without effect and without signal; "
                f"wanted {refused.wanted}, saw {refused.seen()}",
            )

    def _allowed(self, budget: str, *, hurried: bool) -> float:
        full = self.seconds(budget) if budget else 0.0
        return min(full, max(full * HURRY, 2 * self.timing.node_reaction)) if hurried else full

    def _obituary(self) -> str:
        """What a message adds when the subject ended by itself."""
        process = self.offer.process if self._environment.started else None
        died = process is not None and self.process.died
        return "; the subject does not run, and this check did not end it" if died else ""

    def _decide(
        self,
        kind: Literal["given", "expect"],
        title: str,
        condition: Condition,
        budget: str,
        *,
        hurried: bool = False,
    ) -> tuple[bool, str]:
        allowed = self._allowed(budget, hurried=hurried)
        began = time.monotonic()
        held = wait_until(self.timeline, condition.holds, allowed, self.timing.poll)
        observed = time.monotonic() - began
        self.timeline.mark(kind, title, wanted=condition.wanted, held=held, seconds=observed)
        self.waits.append(
            Wait(expectation=title, kind=kind, budget=allowed, observed=observed, held=held)
        )
        return held, "" if held else self._why(condition, budget, observed)

    def _why(self, condition: Condition, budget: str, observed: float) -> str:
        text = f"wanted {condition.wanted}, saw {condition.seen()} after {observed:.1f} s"
        if budget:
            text += f" (budget {budget})"
        return text + self._events_text(condition.about)

    def _events_text(self, about: ObjectKey | None) -> str:
        events = events_about(self.timeline, about) if about else []
        if not events:
            return ""
        lines = [f"{e.get('type')} {e.get('reason')}: {e.get('message')}" for e in events[-3:]]
        return f"; events: {shown(lines)}"

    def close(self, patience: float = CLEAN_UP_BUDGET) -> list[Leak]:
        """Undo what was made and say what is left; `patience` is for all of it together."""
        left = patience

        def gone_in_time(gone: Callable[[], bool]) -> bool:
            nonlocal left
            began = time.monotonic()
            held = wait_until(self.timeline, gone, left, poll=0.05)
            left = max(0.0, left - (time.monotonic() - began))
            return held

        return self.clean_up.run(gone_in_time)


def _offered(part: Part | None, need: str) -> Part:
    if part is None:
        raise Undecidable(f"this check needs {need}, and the adapter's Offer has nothing for it")
    return part
