"""A supervised child that is spoken to: its standard input and output are pipes of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from conformance.contracts.clusters import Ledger
from conformance.programs.program import SupervisedProgram


class NoLedger:
    """For a program that ends within one call: nothing of it is left to be found later."""

    def add(self, kind: str, name: str, **facts: str | int | float) -> int:  # noqa: ARG002
        return 0

    def update(self, number: int, **facts: str | int | float) -> None:
        """Nobody reads it."""

    def strike(self, number: int) -> None:
        """Nobody reads it."""


@dataclass(frozen=True, slots=True)
class TalkingProgram:
    """`asks` is written to by us, `answers` is read by us; both are ours until the context ends."""

    program: SupervisedProgram
    asks: int
    answers: int


@contextmanager
def talking(path: Path, log: Path, ledger: Ledger | None = None) -> Iterator[TalkingProgram]:
    """The program while the context is open; `log` gets its standard error.

    It is supervised like every other. Raises `ProgramFailed` when it cannot be executed.
    """
    hears, asks = os.pipe()
    answers, says = os.pipe()
    with ExitStack() as stack:
        for ours in (asks, answers):
            stack.callback(_close, ours)
        program = SupervisedProgram(
            path, (), {}, log, ledger or NoLedger(), path.name, talk=(hears, says)
        )
        try:
            program.start()
        finally:
            _close(hears)
            _close(says)
        stack.callback(program.stop)
        yield TalkingProgram(program, asks, answers)


def _close(descriptor: int) -> None:
    with suppress(OSError):
        os.close(descriptor)
