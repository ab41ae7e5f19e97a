"""What the fake cloud can do, whatever controllers run on it."""

from __future__ import annotations

from conformance.api import Need, Setting

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

NEEDS = frozenset(
    {Need.KUBERNETES, Need.VIEW, Need.JOURNAL, Need.CONTROL, Need.DISTURB, Need.PROCESS}
)

SETTINGS = frozenset({Setting.DEFAULT, Setting.ADDRESS_PERIOD_LONG})

BUDGETS = {
    "node-init": 3.0,
    "node-addresses": 3.0,
    "node-labels": 3.0,
    "node-taint": 3.0,
    "node-removal": 3.0,
    "event": 3.0,
    "restart": 5.0,
    "retry": 5.0,
}
"""Seconds; all of these take milliseconds, the rest is for a busy machine."""
