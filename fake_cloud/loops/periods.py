"""How long the loops wait; real controllers' defaults stand beside each field."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Periods:
    """Seconds, except `lifecycle_workers`.

    `monitor`: between two rounds of the lifecycle loop (5). `addresses`: between two address
    refreshes (300). `retry_first` doubles up to `retry_cap` for each failure of one node (0.005,
    1000). `conflict`: after a refused write (0.05, and 0.1 for taints). `relist`: after a lost
    watch (0.8 to 30). `lifecycle_workers`: nodes handled at once (1, since v0.37 a flag).
    """

    monitor: float = 5.0
    addresses: float = 300.0
    retry_first: float = 0.005
    retry_cap: float = 1000.0
    conflict: float = 0.05
    relist: float = 0.8
    lifecycle_workers: int = 1
