"""Every control of an adapter, tried once on an instance of the doctor's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from conformance.checks.case import Case
from conformance.checks.joining import join, launch, replace
from conformance.checks.node import Node
from conformance.checks.node_conditions import initialized, shows
from conformance.contracts.instances import Instance, InstanceShape
from conformance.contracts.journal import Fault
from conformance.contracts.requirements import Need
from conformance.doctor.declared import Observed, about_capabilities
from conformance.doctor.finding import Finding, judged, told
from conformance.plan import Declared

Value = TypeVar("Value")


class Controls:
    """Findings gather in `found`, in the order in which things were tried."""

    def __init__(self, case: Case, declared: Declared) -> None:
        self.found: list[Finding] = []
        self._case = case
        self._declared = declared

    def try_all(self) -> None:
        """A control that fails ends what hangs on it, and nothing else."""
        with self._trying("view", "list"):
            count = len(self._case.cloud.list())
            self._add(judged("view", "list", f"{count} instances are there", right=True))
        instance = self._timed("control", "create", lambda: launch(self._case))
        if instance is None:
            return
        node = self._joined(instance)
        stopped = self._stop_and_start(instance)
        dual_stack = self._dual_stack()
        self.found += about_capabilities(
            self._declared.capabilities, Observed(instance, dual_stack, stopped)
        )
        self._states()
        self._timed("control", "change_addresses", lambda: self._renumber(instance, node))
        if Need.PROCESS in self._declared.needs:
            self._restart()
        self._faults()
        self._timed("control", "replace", lambda: replace(self._case, instance))
        self._journal(instance)

    def _joined(self, instance: Instance) -> Node | None:
        node = self._timed("kubelet", "join", lambda: join(self._case, instance))
        if node is not None:
            self._within("node-init", lambda: initialized(node).holds())
        return node

    def _stop_and_start(self, instance: Instance) -> bool | None:
        if "instanceStop" not in self._declared.capabilities:
            return None
        control = self._case.control
        stopped = self._timed("control", "stop", lambda: control.stop(instance.id))
        started = self._timed("control", "start", lambda: control.start(instance.id))
        return stopped is not None and started is not None

    def _dual_stack(self) -> Instance | None:
        if "dualStack" not in self._declared.capabilities:
            return None
        shape = InstanceShape(dual_stack=True)
        return self._timed("control", "create dual-stack", lambda: launch(self._case, shape))

    def _states(self) -> None:
        with self._trying("control", "limit_states"):
            for example in self._case.control.limit_states():
                example.enter(launch(self._case).id)
                detail = f"an instance in it {'exists' if example.exists else 'is gone'}"
                self._add(judged("control", f"state {example.name}", detail, right=True))

    def _renumber(self, instance: Instance, node: Node | None) -> Instance:
        changed = self._case.control.change_addresses(instance.id)
        if node is not None:
            wanted = {one.address for one in changed.addresses}
            self._within("node-addresses", lambda: shows(node, wanted).holds())
        return changed

    def _restart(self) -> None:
        process = self._case.process
        self._timed("process", "stop", lambda: _done(process.stop))
        self._timed("process", "start", lambda: _done(process.start))
        self._timed("process", "kill", lambda: _done(process.kill))
        self._timed("process", "start again", lambda: _done(process.start))
        node = self._timed("kubelet", "join after a restart", lambda: join(self._case))
        if node is not None:
            self._within("restart", lambda: initialized(node).holds())

    def _faults(self) -> None:
        """Each is switched on and off; one that a joining node must meet is looked for."""
        for fault in sorted(self._declared.faults):
            with self._trying("fault", fault), self._case.disturb(Fault(fault)):
                met = fault != Fault.SERVER_ERROR or self._disturbed_call()
                detail = "" if met else "a node joined, and no call of the subject was disturbed"
                self._add(judged("fault", fault, detail, right=met))

    def _disturbed_call(self) -> bool:
        before = len(self._case.journal.calls())
        join(self._case)

        def met() -> bool:
            return any(call.disturbed for call in self._case.journal.calls()[before:])

        return self._case.wait(met, "node-init")

    def _journal(self, instance: Instance) -> None:
        if Need.JOURNAL not in self._declared.needs:
            return
        with self._trying("journal", "calls"):
            about = [call for call in self._case.journal.calls() if call.about & instance.names]
            callers = sorted({str(call.caller) or "unknown" for call in about})
            detail = f"{len(about)} about the first instance, by {', '.join(callers) or 'nobody'}"
            self._add(judged("journal", "calls", detail, right=bool(about)))

    def _within(self, budget: str, holds: Callable[[], bool]) -> None:
        """A tight budget fails on a busy day; a quarter of it is plenty on a quiet one."""
        began, allowed = time.monotonic(), self._case.seconds(budget)
        held = self._case.wait(holds, budget)
        seconds = time.monotonic() - began
        detail = f"took {seconds:.2f} s of {allowed:g} s"
        if not held:
            detail += ": the subject did not do it, or the budget is too small"
        elif seconds > allowed / 2:
            detail += ": a busy day needs more than twice as long; raise it"
        self._add(judged("budget", budget, detail, right=held and seconds <= allowed / 2))

    def _timed(self, part: str, what: str, call: Callable[[], Value]) -> Value | None:
        began = time.monotonic()
        with self._trying(part, what):
            value = call()
            seconds = time.monotonic() - began
            self._add(judged(part, what, f"took {seconds:.2f} s", right=True))
            return value
        return None

    @contextmanager
    def _trying(self, part: str, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever an adapter raises is a finding
            self._add(judged(part, what, " ".join(str(error).split()), right=False))

    def _add(self, finding: Finding) -> None:
        self.found.append(finding)


def _done(call: Callable[[], object]) -> bool:
    call()
    return True


def about_clean_up(leaks: list[str]) -> list[Finding]:
    """After everything was undone."""
    if leaks:
        return [judged("clean-up", leak, "is still there", right=False) for leak in leaks]
    return [told("clean-up", "everything that was made is gone")]
