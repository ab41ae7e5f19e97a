"""What a worker learned from its earlier checks, so that no later one pays for it again.

Kept for each setting: another setting is another environment, and may well work.
"""

from __future__ import annotations

from conformance.checks.case import CLEAN_UP_BUDGET
from conformance.contracts.outcomes import Outcome
from conformance.contracts.requirements import Requirement, Setting
from conformance.errors import AdapterBroken

MOST_EQUAL_ERRORS = 3
"""After so many checks in a row that the adapter broke in the same words, no other is tried."""

NO_PATIENCE = 1.0
"""Seconds for a clean-up after one that waited in vain: what stayed once will stay again."""


class NotTriedAgain(AdapterBroken):
    """The adapter broke the checks before this one, each time in the same words."""


class Lessons:
    """Refuted premises, the adapter's errors in a row, and patience with clean-ups."""

    def __init__(self) -> None:
        self.patience = CLEAN_UP_BUDGET
        self._refuted: dict[Setting, set[str]] = {}
        self._errors: dict[Setting, list[str]] = {}

    def refuted(self, setting: Setting) -> frozenset[str]:
        """Requirements that were found not to hold in this setting."""
        return frozenset(self._refuted.get(setting, ()))

    def give_up(self, setting: Setting) -> None:
        """Raise `NotTriedAgain` where the adapter has broken enough checks in this setting."""
        last = self._errors.get(setting, [])[-MOST_EQUAL_ERRORS:]
        if len(last) == MOST_EQUAL_ERRORS and len(set(last)) == 1:
            raise NotTriedAgain(f"not tried again: {last[0]} ({MOST_EQUAL_ERRORS} times in a row)")

    def learn(
        self, requirement: Requirement, outcome: Outcome, raised: BaseException | None
    ) -> None:
        """Remember how a check ended."""
        if outcome in (Outcome.FAILED, Outcome.BLOCKED):
            self._refuted.setdefault(requirement.setting, set()).add(requirement.id)
        errors = self._errors.setdefault(requirement.setting, [])
        if not isinstance(raised, AdapterBroken):
            errors.clear()
        elif not isinstance(raised, NotTriedAgain):
            errors.append(str(raised))

    def cleaned(self, *, entirely: bool) -> None:
        """Remember whether everything that a check made went in time."""
        if not entirely:
            self.patience = NO_PATIENCE
