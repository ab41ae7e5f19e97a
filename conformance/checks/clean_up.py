"""What a case made and how it is undone; every step is verified, what remains is a leak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that the case made. `undo` must tolerate that it is gone already."""

    what: str
    undo: Callable[[], object]
    is_gone: Callable[[], bool]
    strike: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Leak:
    """Something left behind. `ours` when undoing it was our duty, not the subject's."""

    what: str
    ours: bool
    why: str = ""


class CleanUp:
    """A stack of things made; undone last in, first out."""

    def __init__(self) -> None:
        self._made: list[Made] = []

    def register(self, made: Made) -> None:
        """Call it before or right when the thing is made."""
        self._made.append(made)

    def run(self, gone_in_time: Callable[[Callable[[], bool]], bool]) -> list[Leak]:
        """Undo everything; `gone_in_time` waits for a thing to be gone and says whether it is."""
        leaks: list[Leak] = []
        while self._made:
            made = self._made.pop()
            leak = self._undo(made, gone_in_time)
            if leak is None:
                made.strike()
            else:
                leaks.append(leak)
        return leaks

    def _undo(self, made: Made, gone_in_time: Callable[[Callable[[], bool]], bool]) -> Leak | None:
        try:
            made.undo()
            return None if gone_in_time(made.is_gone) else Leak(made.what, ours=True)
        except Exception as error:  # noqa: BLE001 - one failing step must not keep the others
            return Leak(made.what, ours=True, why=f"{type(error).__name__}: {error}")
