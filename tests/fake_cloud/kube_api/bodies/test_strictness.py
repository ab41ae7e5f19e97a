from __future__ import annotations

import json

import pytest

from fake_cloud.kube_api.bodies.strictness import json_complaints, repeated_keys, repeated_yaml_keys


def test_what_comes_twice_is_told_once_in_the_order_of_the_text() -> None:
    body = b'{"z":1,"data":{"a":"1","a":"2","a":"3"},"y":{"b":1,"b":2},"data":{}}'
    said = json_complaints(body, json.loads(body), [["z"], ["y"]])
    assert said == [
        'unknown field "z"',
        'duplicate field "data.a"',
        'unknown field "y"',
        'duplicate field "data"',
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a" :1,"a" :2}',
        b'{"a":1, "a"\n:2}',
        b'{"text":"\\":","a":1,"a":2}',
    ],
)
def test_no_repetition_slips_through(body: bytes) -> None:
    assert repeated_keys(body, json.loads(body)) == [["a"]]


@pytest.mark.parametrize("body", [b'{"a":"\\u0022: b","c":[{"a":1},{"a":1}]}', b'{"a":{"a":{}}}'])
def test_the_same_key_in_another_object_is_no_repetition(body: bytes) -> None:
    assert repeated_keys(body, json.loads(body)) == []


def test_yaml_names_the_line() -> None:
    assert repeated_yaml_keys(b"a: 1\nb:\n- c: 1\n  c: 2\n") == [
        'line 4: key "c" already set in map'
    ]
