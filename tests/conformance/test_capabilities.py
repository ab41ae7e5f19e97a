"""Only capabilities of the closed list can be declared."""

from __future__ import annotations

import pytest

from conformance.capabilities import check_declared, known
from conformance.errors import ProviderMisdeclared


def test_known_capabilities_are_accepted() -> None:
    check_declared({"zones", "instanceStop", "sourceRanges"})


def test_every_capability_is_explained() -> None:
    assert all(row.sentence and row.since and row.source for row in known().values())


def test_unknown_capabilities_are_all_named_with_the_nearest() -> None:
    with pytest.raises(ProviderMisdeclared) as refused:
        check_declared({"zones", "dualstack", "teleport"})
    assert "'dualstack'; did you mean 'dualStack'?" in str(refused.value)
    assert "'teleport';" in str(refused.value)
