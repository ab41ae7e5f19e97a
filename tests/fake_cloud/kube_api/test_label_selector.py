from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.label_selector import as_text, matches

LABELS = {"app": "one", "tier": "front"}


def expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        (None, False),
        ({}, True),
        ({"matchLabels": {"app": "one"}}, True),
        ({"matchLabels": {"app": "two"}}, False),
        (expression("app", "In", "one", "two"), True),
        (expression("app", "NotIn", "one"), False),
        (expression("app", "Exists"), True),
        (expression("app", "DoesNotExist"), False),
        (expression("app", "Odd"), False),
        (expression("app", "In"), False),
    ],
)
def test_a_selector_finds_what_it_says(selector: dict[str, Any] | None, found: bool) -> None:
    assert matches(selector, LABELS) is found


def test_a_selector_is_written_in_the_order_of_its_keys() -> None:
    expressions = [
        {"key": "c", "operator": "NotIn", "values": ["z", "y"]},
        {"key": "a", "operator": "DoesNotExist"},
    ]
    selector = {"matchLabels": {"b": "x"}, "matchExpressions": expressions}
    assert as_text(selector) == "!a,b=x,c notin (y,z)"
