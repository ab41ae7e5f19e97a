"""Masks secrets by value in everything that is written: evidence, logs, messages, reports."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence

MASK = "[redacted]"

SHORTEST = 6
"""Shorter values are not masked: they would blank out ordinary words."""


class Redactor:
    """Knows secret values and replaces each occurrence, also in its JSON-escaped form."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()

    def add(self, value: str) -> str:
        """Register a secret and return it."""
        forms = {value, json.dumps(value)[1:-1]}
        with self._lock:
            self._values |= {form for form in forms if len(form) >= SHORTEST}
            longest_first = sorted(self._values, key=lambda form: (-len(form), form))
            self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        return value

    def clean(self, text: str) -> str:
        """`text` with every known secret masked."""
        return text if self._pattern is None else self._pattern.sub(MASK, text)


def masked(command: Sequence[str]) -> list[str]:
    """A command line without what may be secret: the values of `--provider-option KEY=VALUE`."""
    words: list[str] = []
    for word in map(str, command):
        option, joined, pair = word.partition("provider-option=")
        if joined:
            words.append(f"{option}{joined}{pair.partition('=')[0]}={MASK}")
        elif words and words[-1].endswith("provider-option"):
            words.append(f"{word.partition('=')[0]}={MASK}")
        else:
            words.append(word)
    return words
