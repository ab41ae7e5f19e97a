from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.managed_fields.typing_errors import typing_errors
from tests.fake_cloud.kube_api.managed_fields.shaped import THING

MAP = 'map[string]interface {}{"b":"c"}'
STRING = "expected string, got &value.valueUnstructured{Value:%s}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"name": 1}, f".name: {STRING % '1'}"),
        ({"name": True}, f".name: {STRING % 'true'}"),
        ({"labels": {"a": {"b": "c"}}}, ".labels.a: " + STRING % MAP),
        ({"labels": ["a"]}, ".labels: expected map, got &{[a]}"),
        ({"set": {"a": "b"}}, ".set: expected list, got &{map[a:b]}"),
        ({"other": 1}, ".other: field not declared in schema"),
        ({"set": ["a", "a"]}, '.set: duplicate entries for key [="a"]'),
        ({"set": [None]}, ".set: element 0: associative list without keys has an element "
         "that's an explicit null"),
        ({"ports": [{"port": "80"}]}, '.ports[port="80",protocol="TCP"].port: '
         "expected numeric (int or float), got string"),
        ({"ports": [{"port": 1}, {"port": 1}]},
         '.ports: duplicate entries for key [port=1,protocol="TCP"]'),
        ({"list": [1]}, f".list[0]: {STRING % '1'}"),
        ({"list": [1], "name": 2}, f"errors:\n  .list[0]: {STRING % '1'}\n  .name: {STRING % '2'}"),
    ],
)  # fmt: skip
def test_complaints_are_those_of_the_library(value: Any, text: str) -> None:
    assert typing_errors(THING, value) == text


def test_nulls_and_right_values_are_no_errors() -> None:
    value = {"name": None, "labels": None, "set": ["a"], "ports": [{"port": 80}], "list": None}
    assert typing_errors(THING, value) == ""
