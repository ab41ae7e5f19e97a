"""What the fake cloud's controller can do beyond the required."""

from __future__ import annotations

CAPABILITIES = frozenset(
    {
        "additionalLabels",
        "dualStack",
        "hybrid",
        "instanceStop",
        "instanceTypes",
        "regions",
        "unmanagedNodes",
        "zones",
    }
)
