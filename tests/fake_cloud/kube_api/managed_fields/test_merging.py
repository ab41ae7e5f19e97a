from __future__ import annotations

import pytest

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet
from fake_cloud.kube_api.managed_fields.merging import merge, remove, with_named_fields
from tests.fake_cloud.kube_api.managed_fields.shaped import THING


def test_applied_values_win_and_nothing_is_removed() -> None:
    live = {"name": "x", "labels": {"a": "1", "b": "1"}, "whole": {"a": "1"}, "list": ["a"]}
    applied = {"labels": {"b": "2"}, "whole": {"b": "2"}, "list": ["b"]}
    assert merge(THING, live, applied) == {
        "name": "x",
        "labels": {"a": "1", "b": "2"},
        "whole": {"b": "2"},
        "list": ["b"],
    }
    assert live["labels"] == {"a": "1", "b": "1"}


@pytest.mark.parametrize(
    ("live", "applied", "merged"),
    [
        ("abc", "", "abc"),
        ("", "abc", "abc"),
        ("ab", "c", "abc"),
        ("abc", "b", "abc"),
        ("abc", "ca", "bca"),
        ("abc", "cba", "cba"),
        ("axb", "bya", "xbya"),
        ("ab", "ba", "ba"),
        ("abcd", "dxa", "bcdxa"),
    ],
)
def test_applied_items_keep_their_order(live: str, applied: str, merged: str) -> None:
    found = merge(THING, {"set": list(live)}, {"set": list(applied)})
    assert "".join(found["set"]) == merged


def test_items_are_merged_by_their_keys() -> None:
    live = {"ports": [{"port": 80, "name": "x"}, {"port": 81}]}
    applied = {"ports": [{"port": 80, "protocol": "TCP"}]}
    found = merge(THING, live, applied)["ports"]
    assert found == [{"port": 80, "name": "x", "protocol": "TCP"}, {"port": 81}]


def test_fields_and_items_are_removed() -> None:
    value = {"name": "x", "labels": {"a": "1"}, "set": ["a", "b"], "ports": [{"port": 80}]}
    fields: FieldSet = {
        "f:name": {},
        "f:labels": {"f:a": {}},
        "f:set": {'v:"a"': {}},
        "f:ports": {'k:{"port":80,"protocol":"TCP"}': {}},
    }
    assert remove(THING, value, fields) == {"labels": None, "set": ["b"], "ports": None}


def test_named_fields_are_members_and_keys_of_maps_are_not() -> None:
    fields: FieldSet = {"f:labels": {"f:a": {}}, "f:ports": {"k:{}": {"f:name": {}}}}
    assert with_named_fields(THING, fields) == {
        "f:labels": {".": {}, "f:a": {}},
        "f:ports": {".": {}, "k:{}": {"f:name": {}}},
    }
