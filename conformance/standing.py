"""`ClusterParts` without a run: for a cluster that stands by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conformance.contracts.clusters import Ledger


@dataclass(frozen=True, slots=True)
class Standing:
    """A folder, an id and a ledger."""

    folder: Path
    run_id: str
    ledger: Ledger

    def secret(self, value: str) -> str:
        """Nothing is written of which others could read."""
        return value
