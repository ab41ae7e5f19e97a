"""The closed set of outcomes: exactly one per planned requirement."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What became of one planned requirement; run files and pages use the same words."""

    PASSED = "passed"
    FAILED = "failed"
    SILENTLY_IGNORED = "silently-ignored"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    ERROR = "error"
    NOT_RUN = "not-run"
