"""The digest that ties the outcomes of a run file to the plan that was made for them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from reports.model import Exclusion, PlannedRow


def plan_digest(rows: Sequence[PlannedRow], exclusions: Sequence[Exclusion]) -> str:
    """sha256 in hex over the canonical JSON (sorted keys) of rows and exclusions, in order."""
    canonical = msgspec.json.encode([list(rows), list(exclusions)], order="sorted")
    return hashlib.sha256(canonical).hexdigest()
