"""Keeps exactly the planned function of each requirement, in the order of the plan."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from conformance.checks import MARKER
from conformance.plan import Plan, PlannedCheck

PLANNED = pytest.StashKey[PlannedCheck]()
"""The plan's row that an item decides."""


class CheckMissing(pytest.Item):
    """Stands for a planned requirement without a function: running it is an error."""

    def runtest(self) -> None:
        raise LookupError(
            f"{self.name}: planned, but no function carries this requirement; "
            "was its suite collected?"
        )

    def reportinfo(self) -> tuple[str, None, str]:
        return self.path.as_posix(), None, self.name


def keep_planned(
    session: pytest.Session, plan: Plan, items: list[pytest.Item]
) -> Sequence[pytest.Item]:
    """Reduce `items` to the plan in place and return what was left out.

    A second function for one id and form is ignored here; the catalogue's tests refuse it.
    """
    found: dict[tuple[str, str], pytest.Item] = {}
    for item in items:
        marker = item.get_closest_marker(MARKER)
        if marker is not None:
            found.setdefault((marker.kwargs["id"], marker.kwargs["form"]), item)
    kept: list[pytest.Item] = []
    for row in plan.rows:
        key = (row.requirement.id, row.form.value)
        item = found.get(key) or CheckMissing.from_parent(session, name=row.requirement.id)
        item.stash[PLANNED] = row
        kept.append(item)
    left = [item for item in items if item not in set(kept)]
    items[:] = kept
    return left
