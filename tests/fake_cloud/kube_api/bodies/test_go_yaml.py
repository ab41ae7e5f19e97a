from __future__ import annotations

import pytest

from fake_cloud.kube_api.bodies.go_yaml import load_yaml


def test_keys_and_times_are_strings() -> None:
    body = b"{on: yes, 80: 1, d: 2020-01-01, t: 2020-01-01T00:00:00Z, l: [{~: 1.5}]}"
    assert load_yaml(body) == {
        "true": True,
        "80": 1,
        "d": "2020-01-01",
        "t": "2020-01-01T00:00:00Z",
        "l": [{"null": 1.5}],
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"a: 1\nb: [c\n", "yaml: line 2: did not find expected ',' or ']'"),
        (b"a: b: c", "yaml: mapping values are not allowed in this context"),
        (b"a:\n\t- b", "yaml: line 2: found character that cannot start any token"),
    ],
)
def test_mistakes_are_told_in_the_words_of_go(body: bytes, words: str) -> None:
    with pytest.raises(ValueError, match="yaml: ") as refused:
        load_yaml(body)
    assert str(refused.value) == words


def test_aliases_are_unfolded() -> None:
    assert load_yaml(b"a: &a [1]\nb: {c: *a, d: *a}") == {"a": [1], "b": {"c": [1], "d": [1]}}


def bomb(levels: int) -> bytes:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (bomb(12), "document contains excessive aliasing"),
        (b"a: &a [*a]", "anchor value contains itself"),
        (b"[" * 5000, "exceeded max depth"),
        (b'"\\ud800"', "found invalid Unicode character escape code"),
    ],
)
def test_hostile_documents_are_refused(body: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        load_yaml(body)
