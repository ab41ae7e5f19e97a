"""How an answer of the embedded API differs from the recorded one, as short lines.

A Status whose words alone are other ones, with code, reason, fields and their reasons the same, is
of the same class: its difference is marked `words_only`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import msgspec

from fake_cloud.kube_api.fidelity.scenario import Exchange


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in one answer: what was recorded there and what was seen."""

    request: str
    path: str
    wanted: str
    seen: str
    words_only: bool = False

    def __str__(self) -> str:
        return f"{self.request}: {self.path or 'answer'}: wanted {self.wanted}, saw {self.seen}"


def compare(recorded: Sequence[Exchange], seen: Sequence[Exchange]) -> list[Difference]:
    """Every difference of one step; empty when it matches."""
    found = []
    for wanted, got in zip(recorded, seen, strict=True):
        words_only = _class(wanted) == _class(got)
        found += [
            Difference(wanted.request, path, _short(before), _short(after), words_only)
            for path, before, after in _differences(_plain(wanted), _plain(got), "")
        ]
    return found


def _plain(exchange: Exchange) -> Any:
    return msgspec.to_builtins(exchange)


def _class(exchange: Exchange) -> Any:
    """The exchange without the words of its Status, or of those in its events."""
    plain = _plain(exchange)
    for status in (plain.get("body"), *(event["object"] for event in plain.get("events") or [])):
        if isinstance(status, dict) and status.get("kind") == "Status":
            status.pop("message", None)
            for cause in (status.get("details") or {}).get("causes") or []:
                cause.pop("message", None)
    return plain


def _differences(wanted: Any, seen: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(wanted, dict) and isinstance(seen, dict):
        for key in sorted(wanted.keys() | seen.keys()):
            below = f"{path}.{key}" if path else key
            before, after = wanted.get(key, msgspec.UNSET), seen.get(key, msgspec.UNSET)
            yield from _differences(before, after, below)
    elif isinstance(wanted, list) and isinstance(seen, list):
        pairs = zip_longest(wanted, seen, fillvalue=msgspec.UNSET)
        for index, (before, after) in enumerate(pairs):
            yield from _differences(before, after, f"{path}.{index}")
    elif wanted != seen or type(wanted) is not type(seen):
        yield path, wanted, seen


def _short(value: Any) -> str:
    return "nothing" if value is msgspec.UNSET else msgspec.json.encode(value).decode()
