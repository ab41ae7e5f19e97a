"""What the doctor found out about one part of an adapter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """`told` is a fact without a judgement."""

    OK = "ok"
    WRONG = "wrong"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Finding:
    """`part` is what was examined (identity, offer, view, control, ...), `what` the thing in it."""

    part: str
    what: str
    word: Word
    detail: str = ""


def judged(part: str, what: str, detail: str = "", *, right: bool) -> Finding:
    """Ok or wrong."""
    return Finding(part, what, Word.OK if right else Word.WRONG, detail)


def told(part: str, what: str, detail: str = "") -> Finding:
    """A fact."""
    return Finding(part, what, Word.TOLD, detail)
