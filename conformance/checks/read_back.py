"""What the adapter was asked to do is read back, so that a call without effect is no verdict.

A control that returns and has done nothing would make every later expectation speak against the
subject. That, and whatever a call raises, is the adapter's: `AdapterBroken`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from conformance.checks.verdicts import Undecidable
from conformance.contracts.instances import (
    Instance,
    InstanceControl,
    InstanceShape,
    InstanceState,
    InstanceView,
    Kubelet,
    NodeShape,
    StateExample,
)
from conformance.contracts.kubernetes import ApiError, ApiUnreachable
from conformance.contracts.providers import SubjectProcess
from conformance.errors import AdapterBroken, ConformanceError

Result = TypeVar("Result")

ABSENT = "no instance"


def told(call: str, act: Callable[[], Result]) -> Result:
    """`act()`; what it raises names the adapter's call. The API server's answers stay as they are:
    callers tell a lost race from a fault by them."""
    try:
        return act()
    except (ApiError, ApiUnreachable, ConformanceError, Undecidable):
        raise
    except Exception as error:
        raise AdapterBroken(f"adapter: {call}() raised {type(error).__name__}: {error}") from error


def must_show(call: str, wanted: object, seen: object, *, held: bool) -> None:
    """Raise `AdapterBroken` when a call of the adapter did not bring about what it is for."""
    if not held:
        raise AdapterBroken(f"the adapter's {call} had no effect: wanted {wanted}, saw {seen}")


class ReadView:
    """`InstanceView` that says which call raised, or gave something else than an instance."""

    def __init__(self, view: InstanceView) -> None:
        self._view = view

    def get(self, instance_id: str) -> Instance | None:
        found = told("get", lambda: self._view.get(instance_id))
        return None if found is None else _instance("get", found)

    def list(self) -> Sequence[Instance]:
        return told("list", self._view.list)

    def state(self, instance_id: str) -> str:
        """In neutral words, for a message too."""
        found = self.get(instance_id)
        return found.state.value if found else ABSENT


class ReadBackControl:
    """`InstanceControl` whose every call must show in the view when it returns."""

    def __init__(self, control: InstanceControl, view: InstanceView) -> None:
        self._control = control
        self._view = ReadView(view)

    def create(self, shape: InstanceShape) -> Instance:
        made = _instance("create", told("create", lambda: self._control.create(shape)))
        self._is("create", made.id, InstanceState.RUNNING)
        return made

    def stop(self, instance_id: str) -> Instance:
        stopped = told("stop", lambda: self._control.stop(instance_id))
        self._is("stop", instance_id, InstanceState.STOPPED)
        return stopped

    def start(self, instance_id: str) -> Instance:
        started = told("start", lambda: self._control.start(instance_id))
        self._is("start", instance_id, InstanceState.RUNNING)
        return started

    def terminate(self, instance_id: str) -> None:
        told("terminate", lambda: self._control.terminate(instance_id))
        self._is("terminate", instance_id, ABSENT)

    def replace(self, instance_id: str) -> Instance:
        before = self._view.get(instance_id)
        made = _instance("replace", told("replace", lambda: self._control.replace(instance_id)))
        must_show("replace", "another instance", "the same", held=made.id != instance_id)
        name = before.node_name if before else made.node_name
        wanted = f"node name {name}"
        must_show("replace", wanted, made.node_name, held=made.node_name == name)
        self._is("replace", instance_id, ABSENT)
        self._is("replace", made.id, InstanceState.RUNNING)
        return made

    def change_addresses(self, instance_id: str) -> Instance:
        before = self._addresses(instance_id)
        changed = told("change_addresses", lambda: self._control.change_addresses(instance_id))
        after = self._addresses(instance_id)
        held = bool(after - before) and bool(before - after)
        must_show("change_addresses", "one address gained and one lost", sorted(after), held=held)
        return changed

    def limit_states(self) -> Sequence[StateExample]:
        states = told("limit_states", self._control.limit_states)
        return [dataclasses.replace(one, enter=partial(self._enter, one)) for one in states]

    def _enter(self, example: StateExample, instance_id: str) -> None:
        """A view can tell a state of the neutral words, and whether the instance exists."""
        call = f"enter of state {example.name}"
        told(call, lambda: example.enter(instance_id))
        seen = self._view.state(instance_id)
        neutral = example.name in set(InstanceState) - {InstanceState.TERMINATED}
        held = seen == example.name if neutral else (seen != ABSENT) == example.exists
        wanted = example.name if neutral else f"exists={example.exists}"
        must_show(call, wanted, seen, held=held)

    def _is(self, call: str, instance_id: str, wanted: str) -> None:
        seen = self._view.state(instance_id)
        must_show(call, wanted, seen, held=seen == wanted)

    def _addresses(self, instance_id: str) -> frozenset[str]:
        found = self._view.get(instance_id)
        return frozenset(a.address for a in found.addresses) if found else frozenset()


class ToldKubelet:
    """`Kubelet` that says which call raised; its effects are looked for on the watch."""

    def __init__(self, kubelet: Kubelet) -> None:
        self._kubelet = kubelet

    def join(self, node_name: str, shape: NodeShape) -> None:
        told("join", lambda: self._kubelet.join(node_name, shape))

    def set_ready(self, node_name: str, ready: bool | None) -> None:
        told("set_ready", lambda: self._kubelet.set_ready(node_name, ready))

    def leave(self, node_name: str) -> None:
        told("leave", lambda: self._kubelet.leave(node_name))


class ReadBackProcess:
    """`SubjectProcess` that is not alive once it was ended; `ended` when it was by this check."""

    def __init__(self, process: SubjectProcess) -> None:
        self._process = process
        self.ended = False

    @property
    def alive(self) -> bool:
        return self._process.alive

    @property
    def died(self) -> bool:
        """Whether it is not there, although nobody here ended it."""
        return not self.ended and not self._process.alive

    def stop(self) -> None:
        self._end("stop", self._process.stop)

    def kill(self) -> None:
        self._end("kill", self._process.kill)

    def start(self) -> None:
        told("process.start", self._process.start)
        self.ended = False

    def _end(self, call: str, end: Callable[[], None]) -> None:
        self.ended = True
        told(f"process.{call}", end)
        must_show(f"process.{call}", "not alive", "alive", held=not self._process.alive)


def _instance(call: str, found: object) -> Instance:
    if not isinstance(found, Instance):
        raise AdapterBroken(
            f"adapter: {call}() must give a conformance.api.Instance, saw {type(found).__name__}"
        )
    return found
