from __future__ import annotations

import pytest

from fake_cloud.kube_api.managed_fields.ownable import (
    NoElement,
    applied_set,
    compare,
    item_element,
)
from tests.fake_cloud.kube_api.managed_fields.shaped import THING

PORTS = THING.fields["ports"]
TCP = 'k:{"port":80,"protocol":"TCP"}'


def test_an_applier_owns_values_items_and_empty_maps() -> None:
    value = {
        "name": "x",
        "labels": {"a": "1"},
        "whole": {"a": "1"},
        "list": ["a"],
        "set": ["a", "b"],
        "ports": [{"port": 80}],
    }
    assert applied_set(THING, value) == {
        "f:name": {},
        "f:labels": {"f:a": {}},
        "f:whole": {},
        "f:list": {},
        "f:set": {'v:"a"': {}, 'v:"b"': {}},
        "f:ports": {TCP: {".": {}, "f:port": {}}},
    }
    assert applied_set(THING, {"labels": {}, "set": [], "name": None}) == {
        "f:labels": {},
        "f:name": {},
    }


def test_what_is_new_is_added_with_all_that_is_in_it() -> None:
    found = compare(THING, {}, {"labels": {"a": "1"}, "ports": [{"port": 80}]})
    assert found.added == {
        "f:labels": {".": {}, "f:a": {}},
        "f:ports": {".": {}, TCP: {".": {}, "f:port": {}}},
    }
    assert not found.modified
    assert not found.removed


def test_parts_are_compared_one_by_one() -> None:
    old = {"labels": {"a": "1", "b": "1"}, "ports": [{"port": 80, "name": "x"}], "set": ["a"]}
    new = {"labels": {"a": "2", "c": "1"}, "ports": [{"port": 80, "name": "y"}], "set": ["b"]}
    found = compare(THING, old, new)
    assert found.modified == {"f:labels": {"f:a": {}}, "f:ports": {TCP: {"f:name": {}}}}
    assert found.added == {"f:labels": {"f:c": {}}, "f:set": {'v:"b"': {}}}
    assert found.removed == {"f:labels": {"f:b": {}}, "f:set": {'v:"a"': {}}}


def test_order_of_items_with_names_does_not_matter() -> None:
    assert not compare(THING, {"set": ["a", "b"]}, {"set": ["b", "a"]})


def test_atomic_parts_change_as_a_whole() -> None:
    found = compare(
        THING, {"whole": {"a": "1"}, "list": ["a"]}, {"whole": {"a": "2"}, "list": ["a", "b"]}
    )
    assert found.modified == {"f:whole": {}, "f:list": {}}


def test_items_of_one_name_are_compared_together() -> None:
    once, twice = [{"port": 80}], [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]
    assert compare(THING, {"ports": once}, {"ports": twice}).added == {"f:ports": {TCP: {}}}
    back = compare(THING, {"ports": twice}, {"ports": once})
    assert back.removed == {"f:ports": {TCP: {}}}
    assert back.added == {"f:ports": {TCP: {".": {}, "f:port": {}}}}


def test_missing_keys_have_defaults() -> None:
    assert item_element(PORTS, {"port": 80}) == TCP
    assert item_element(PORTS, {"port": 80, "protocol": "UDP"}) == 'k:{"port":80,"protocol":"UDP"}'


@pytest.mark.parametrize("item", [None, "a"])
def test_items_without_keys_have_no_name(item: object) -> None:
    with pytest.raises(NoElement):
        item_element(PORTS, item)


def test_reset_fields_do_not_count() -> None:
    found = compare(THING, {}, {"name": "x", "labels": {"a": "1"}})
    assert found.without({"f:labels": {}}).added == {"f:name": {}}
