"""A hint is given when a known word looks alike, and only then."""

from __future__ import annotations

import pytest

from conformance.nearest import nearest


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("zone", "; did you mean 'zones'?"),
        ("sourceranges", "; did you mean 'sourceRanges'?"),
        ("xyzzy", ""),
        ("", ""),
    ],
)
def test_hint(word: str, hint: str) -> None:
    assert nearest(word, ["zones", "sourceRanges"]) == hint


def test_a_word_that_goes_on_comes_before_one_that_looks_more_alike() -> None:
    known = ["node.init.zone", "node.init.taint-removed"]
    assert nearest("node.init.tain", known) == "; did you mean 'node.init.taint-removed'?"
    assert nearest("no", known) == ""
