"""Formats of strings: what is one, and that no text takes long to judge."""

from __future__ import annotations

import pytest

from fake_cloud.kube_api.custom_resources.formats import DURATION


@pytest.mark.parametrize("text", ["0", "1h", "1.h", ".5s", "-1.5h2 mins", "1h2m3s"])
def test_durations(text: str) -> None:
    assert DURATION.fullmatch(text)


def test_a_long_number_is_no_duration() -> None:
    """With two ways to read each digit this would take minutes."""
    assert not DURATION.fullmatch("1" * 20_000 + "x")
