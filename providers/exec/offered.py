"""What a started program offers to checks; each method is one question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import msgspec

from conformance.api import Instance, InstanceShape, NodeShape, StateExample
from providers.exec import answers, questions
from providers.exec.answers import Alive, Done, State, Told
from providers.exec.conversation import Conversation
from providers.exec.lines import Line
from providers.exec.questions import ToProgram

Wanted = TypeVar("Wanted", bound=Line)


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks within the time that the program said it needs at most."""

    talk: Conversation
    limit: float

    def ask(self, kind: Callable[..., ToProgram], wanted: type[Wanted], **said: object) -> Wanted:
        return self.talk.ask(lambda number: kind(id=number, **said), wanted, self.limit)

    def do(self, kind: Callable[..., ToProgram], **said: object) -> None:
        self.ask(kind, Done, **said)

    def instance(self, kind: Callable[..., ToProgram], **said: object) -> Instance | None:
        told = self.ask(kind, answers.Instance, **said).instance
        return None if told is None else _instance(told)


class ProgramInstances:
    """`InstanceView`."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def get(self, instance_id: str) -> Instance | None:
        return self._asker.instance(questions.GetInstance, instance=instance_id)

    def list(self) -> Sequence[Instance]:
        told = self._asker.ask(questions.ListInstances, answers.Instances).instances
        return [_instance(one) for one in told]


class ProgramControl:
    """`InstanceControl`; `states` are those of its `started`."""

    def __init__(self, asker: Asker, states: Sequence[State]) -> None:
        self._asker = asker
        self._states = states

    def create(self, shape: InstanceShape) -> Instance:
        return self._made(questions.CreateInstance, shape=shape)

    def stop(self, instance_id: str) -> Instance:
        return self._made(questions.StopInstance, instance=instance_id)

    def start(self, instance_id: str) -> Instance:
        return self._made(questions.StartInstance, instance=instance_id)

    def terminate(self, instance_id: str) -> None:
        self._asker.do(questions.TerminateInstance, instance=instance_id)

    def replace(self, instance_id: str) -> Instance:
        return self._made(questions.ReplaceInstance, instance=instance_id)

    def change_addresses(self, instance_id: str) -> Instance:
        return self._made(questions.ChangeAddresses, instance=instance_id)

    def limit_states(self) -> Sequence[StateExample]:
        return [
            StateExample(state.name, state.exists, partial(self._enter, state.name))
            for state in self._states
        ]

    def _enter(self, state: str, instance_id: str) -> None:
        self._asker.do(questions.EnterState, instance=instance_id, state=state)

    def _made(self, kind: Callable[..., ToProgram], **said: object) -> Instance:
        made = self._asker.instance(kind, **said)
        if made is None:
            raise RuntimeError("wanted the instance as it is now, saw null")
        return made


class ProgramKubelet:
    """`Kubelet` of a program that makes nodes itself."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def join(self, node_name: str, shape: NodeShape) -> None:
        self._asker.do(questions.JoinNode, node=node_name, shape=shape)

    def set_ready(self, node_name: str, ready: bool | None) -> None:
        self._asker.do(questions.SetReady, node=node_name, ready=ready)

    def leave(self, node_name: str) -> None:
        self._asker.do(questions.LeaveNode, node=node_name)


class ProgramProcess:
    """`SubjectProcess`: the subject, not the adapter program."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    @property
    def alive(self) -> bool:
        """False as well when the program cannot be asked any more: its subject is lost with it."""
        if self._asker.talk.broken:
            return False
        return self._asker.ask(questions.AskAlive, Alive).alive

    def stop(self) -> None:
        self._asker.do(questions.StopProcess)

    def kill(self) -> None:
        self._asker.do(questions.KillProcess)

    def start(self) -> None:
        self._asker.do(questions.StartProcess)


def _instance(told: Told) -> Instance:
    return msgspec.convert(told, Instance, from_attributes=True)
