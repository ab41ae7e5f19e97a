"""Labels for those who also use `--alluredir`: the requirement's, not the test function's."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from conformance.contracts.requirements import Level
from conformance.plugin.collection import PLANNED

SEVERITY = {Level.REQUIRED: "critical", Level.RECOMMENDED: "minor", Level.OPTIONAL: "normal"}


def label_for_allure(items: Iterable[pytest.Item], provider: str) -> None:
    """Mark planned items as allure-pytest reads it (its own decorators do the same)."""
    for item in items:
        requirement = item.stash[PLANNED].requirement
        labels = {
            "epic": requirement.area,
            "feature": requirement.capability or requirement.level.value,
            "story": requirement.id,
            "parentSuite": provider,
            "suite": requirement.area,
            "severity": SEVERITY[requirement.level],
        }
        for kind, value in labels.items():
            item.add_marker(pytest.mark.allure_label(value, label_type=kind))
