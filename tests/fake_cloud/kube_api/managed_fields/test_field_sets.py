from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_cloud.kube_api.managed_fields.field_sets import (
    FieldSet,
    Path,
    difference,
    field_set,
    has,
    in_order,
    intersection,
    paths,
    read,
    shown_path,
    union,
    without_trees,
)
from fake_cloud.kube_api.managed_fields.path_elements import BadElement

ELEMENTS = st.sampled_from(["f:a", "f:b", 'k:{"name":"x"}', "v:1"])
PATHS = st.lists(ELEMENTS, min_size=1, max_size=3).map(tuple)
SETS = st.frozensets(PATHS, max_size=8)


def made(members: frozenset[Path]) -> FieldSet:
    out: FieldSet = {}
    for path in members:
        node: FieldSet = {}
        for element in reversed(path):
            node = {element: node}
        out = union(out, node)
    return out


@given(SETS)
def test_a_set_has_its_paths(members: frozenset[Path]) -> None:
    fields = made(members)
    assert set(paths(fields)) == members
    assert all(has(fields, path) for path in members)


@given(SETS, SETS)
def test_operations_are_those_of_sets_of_paths(one: frozenset[Path], two: frozenset[Path]) -> None:
    assert set(paths(union(made(one), made(two)))) == one | two
    assert set(paths(intersection(made(one), made(two)))) == one & two
    assert set(paths(difference(made(one), made(two)))) == one - two


@given(SETS, SETS)
def test_without_trees_takes_what_is_below_too(one: frozenset[Path], two: frozenset[Path]) -> None:
    def taken(path: Path) -> bool:
        return any(path[: len(root)] == root for root in two)

    left = without_trees(made(one), made(two))
    assert set(paths(left)) == {path for path in one if not taken(path)}


@given(SETS, SETS)
def test_operations_leave_their_arguments_alone(one: frozenset[Path], two: frozenset[Path]) -> None:
    first, second = made(one), made(two)
    before = str(first), str(second)
    for operation in (union, intersection, difference, without_trees):
        operation(first, second)
    assert (str(first), str(second)) == before


@given(SETS)
def test_order_changes_nothing_but_order(members: frozenset[Path]) -> None:
    fields = made(members)
    assert in_order(fields) == fields
    assert read(in_order(fields)) == fields


def test_order_is_that_of_the_library() -> None:
    fields: FieldSet = {
        'k:{"port":443,"protocol":"TCP"}': {},
        'k:{"port":80,"protocol":"UDP"}': {"f:name": {}, ".": {}},
        'k:{"port":80,"protocol":"TCP"}': {},
        "v:10": {},
        "v:9": {},
        'v:"a"': {},
        "i:1": {},
        "f:b": {},
        "f:a": {},
        "f:B": {},
    }
    ordered = in_order(fields)
    assert list(ordered) == [
        "f:B",
        "f:a",
        "f:b",
        'k:{"port":80,"protocol":"TCP"}',
        'k:{"port":80,"protocol":"UDP"}',
        'k:{"port":443,"protocol":"TCP"}',
        "v:9",
        "v:10",
        'v:"a"',
        "i:1",
    ]
    assert list(ordered['k:{"port":80,"protocol":"UDP"}']) == [".", "f:name"]


def test_named_paths_make_a_set() -> None:
    assert field_set("spec", "metadata.labels") == {"f:spec": {}, "f:metadata": {"f:labels": {}}}


def test_paths_are_shown_as_conflicts_name_them() -> None:
    path = ("f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}', "f:name")
    assert shown_path(path) == '.spec.ports[port=80,protocol="TCP"].name'
    assert shown_path(("f:metadata", "f:finalizers", 'v:"a/b"')) == '.metadata.finalizers[="a/b"]'


def test_what_clients_send_becomes_canonical() -> None:
    sent: FieldSet = {'k:{ "protocol":"TCP", "port": 80 }': {".": {}}, "x:new": {}, "f:a": {}}
    assert read(sent) == {'k:{"port":80,"protocol":"TCP"}': {".": {}}, "f:a": {}}


@pytest.mark.parametrize("sent", [[], "f:a", {"fa": {}}, {"f:a": 1}, {"k:[1]": {}}, {"v:{": {}}])
def test_what_is_no_set_is_refused(sent: Any) -> None:
    with pytest.raises(BadElement):
        read(sent)


def test_values_are_escaped_as_go_does() -> None:
    assert read({'v:"a<b"': {}}) == {'v:"a\\u003cb"': {}}
