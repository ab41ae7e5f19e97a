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
