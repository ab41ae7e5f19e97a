"""The kill matrix as values, and the rule that makes it void.

A defect is killed when a declared killer refuted its own expectation; an error, a block or a hang
is no kill. The matrix is void unless the baseline is green, the canary defect dies, every variant
passes everything, and the dead-subject canaries let nothing pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One defect: `observed` maps each killer that refuted something to its expectation."""

    defect: str
    story: str
    declared: list[str]
    observed: dict[str, str]
    others: dict[str, str]
    verdict: Literal["killed", "survived", "partly"]


class Accusation(msgspec.Struct, frozen=True, kw_only=True):
    """A requirement that came out as it must not in this trial."""

    requirement: str
    outcome: str
    message: str


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """One of the trials without a defect: how many passed, and what speaks against the suite."""

    planted: str
    story: str
    passed: int
    accusations: list[Accusation]


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that `kill-matrix` found out."""

    provider: str
    cluster: str
    rows: list[Row]
    trusts: list[Trust]
    unproven: list[str]
    """Checks that no defect kills."""
    void: list[str]
    """Reasons why nothing here may be believed; empty for a valid matrix."""

    @property
    def survivors(self) -> list[Row]:
        """Defects that a declared killer missed."""
        return [row for row in self.rows if row.verdict != "killed"]

    @property
    def holds(self) -> bool:
        """Valid, no survivor, every check proven, nobody accused."""
        return not (self.void or self.survivors or self.unproven)


def void_reasons(rows: Sequence[Row], trusts: Sequence[Trust], canary: str) -> list[str]:
    """Why the matrix may not be believed; `canary` is the defect that must die."""
    dead = any(row.defect == canary and row.verdict == "killed" for row in rows)
    reasons = [] if dead else [f"the canary defect {canary} is alive"]
    for trust in trusts:
        reasons += [f"{trust.planted}: {a.requirement} {a.outcome}" for a in trust.accusations]
    return reasons
