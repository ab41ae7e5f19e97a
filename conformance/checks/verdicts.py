"""How a check ends early. Only `Refuted` and `SilentlyIgnored` speak against the subject."""

from __future__ import annotations


class Verdict(Exception):
    """A decided or blocked check. `expectation` is the id inside the requirement."""

    def __init__(self, expectation: str, message: str) -> None:
        super().__init__(message)
        self.expectation = expectation
        self.message = message


class Refuted(Verdict):
    """An expectation was refuted by recorded evidence: the requirement failed."""


class SilentlyIgnored(Verdict):
    """Declared absent, asked for anyway, accepted, and nothing happened without any signal."""


class StaleDeclaration(Verdict):
    """Declared absent, but it works."""


class Blocked(Verdict):
    """A premise did not hold. `rests_on` is the requirement that promises it."""

    def __init__(self, rests_on: str, message: str) -> None:
        super().__init__("", message)
        self.rests_on = rests_on


class Undecidable(Exception):
    """Nothing can be concluded (no witness, a gap, an event that had to be seen was not): error."""


class CheckHung(Undecidable):
    """The check did not end within its hard limit: a hang of ours or of the adapter."""
