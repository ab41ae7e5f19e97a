from __future__ import annotations

from conformance.redaction import MASK, Redactor


def test_each_occurrence_is_masked() -> None:
    redactor = Redactor()
    redactor.add("canary-5f2a")
    assert redactor.clean("a canary-5f2a b canary-5f2a") == f"a {MASK} b {MASK}"


def test_the_json_escaped_form_is_masked() -> None:
    redactor = Redactor()
    redactor.add('se"cret\nvalue')
    assert 'se\\"cret' not in redactor.clean('{"k": "se\\"cret\\nvalue"}')


def test_a_secret_inside_a_longer_one_leaves_nothing_behind() -> None:
    redactor = Redactor()
    redactor.add("abcdef")
    redactor.add("abcdefghij")
    assert redactor.clean("abcdefghij") == MASK


def test_short_values_are_left_alone() -> None:
    redactor = Redactor()
    redactor.add("a")
    assert redactor.clean("banana") == "banana"
