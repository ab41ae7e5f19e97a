from __future__ import annotations

from datetime import timedelta

import pytest

from fake_cloud.kube_api.representations.cells import human, selector, since, some


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=-5), "<invalid>"),
        (timedelta(seconds=119), "119s"),
        (timedelta(minutes=2), "2m"),
        (timedelta(minutes=9, seconds=7), "9m7s"),
        (timedelta(minutes=179), "179m"),
        (timedelta(hours=7, minutes=5), "7h5m"),
        (timedelta(hours=47), "47h"),
        (timedelta(days=7, hours=3), "7d3h"),
        (timedelta(days=700), "700d"),
        (timedelta(days=3 * 365 + 4), "3y4d"),
        (timedelta(days=9 * 365), "9y"),
    ],
)
def test_ages_have_at_most_two_units(length: timedelta, text: str) -> None:
    assert human(length) == text


def test_a_missing_time_is_unknown() -> None:
    assert since(None) == "<unknown>"


def test_long_lists_are_cut_short() -> None:
    assert some("abc") == "a,b,c"
    assert some("abcde") == "a,b,c + 2 more..."
    assert some([]) == "<unset>"


def test_selectors_read_as_on_the_command_line() -> None:
    expressions = [
        {"key": "z", "operator": "NotIn", "values": ["q", "p"]},
        {"key": "m", "operator": "DoesNotExist"},
        {"key": "n", "operator": "Exists"},
    ]
    given = {"matchLabels": {"a": "b"}, "matchExpressions": expressions}
    assert selector(given) == "a=b,!m,n,z notin (p,q)"
    assert selector(None) == "<none>"
