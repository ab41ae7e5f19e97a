"""The hint behind an unknown word."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

BEGINNING = 3
"""Characters from which on a word says enough to be the beginning of another."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the known word that looks most like `word`, else empty.

    One that goes on where `word` stops comes before all others.
    """
    folded = word.casefold()
    by_folded = {candidate.casefold(): candidate for candidate in known}
    longer = [one for one in by_folded if len(word) >= BEGINNING and one.startswith(folded)]
    found = get_close_matches(folded, longer or by_folded, n=1, cutoff=0.0 if longer else 0.6)
    return f"; did you mean {by_folded[found[0]]!r}?" if found else ""
