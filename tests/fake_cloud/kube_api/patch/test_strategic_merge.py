from __future__ import annotations

import copy
from typing import Any

import pytest

from fake_cloud.kube_api.patch.strategic_merge import MergeFailed, strategic_merge
from fake_cloud.kube_api.types.schema import Struct
from fake_cloud.kube_api.types.table import load_table

Body = dict[str, Any]


@pytest.fixture(scope="module")
def node() -> Struct:
    return load_table("1.37").struct("core.v1.Node")


@pytest.fixture(scope="module")
def service() -> Struct:
    return load_table("1.37").struct("core.v1.Service")


@pytest.fixture(scope="module")
def deployment() -> Struct:
    return load_table("1.37").struct("apps.v1.Deployment")


def merged(schema: Struct, original: Body, patch: Body) -> Body:
    return strategic_merge(copy.deepcopy(original), copy.deepcopy(patch), schema)


READY = {"type": "Ready", "status": "True"}
DISK = {"type": "DiskPressure", "status": "False"}


def test_maps_are_merged_and_null_deletes(node: Struct) -> None:
    original = {"metadata": {"labels": {"a": "1", "b": "2"}}}
    patch = {"metadata": {"labels": {"a": None, "c": "3"}}}
    assert merged(node, original, patch) == {"metadata": {"labels": {"b": "2", "c": "3"}}}


def test_list_elements_are_found_by_their_merge_key(node: Struct) -> None:
    original = {"status": {"conditions": [READY, DISK]}}
    patch = {"status": {"conditions": [{"type": "Ready", "status": "False"}, {"type": "New"}]}}
    conditions = merged(node, original, patch)["status"]["conditions"]
    assert conditions == [{"type": "Ready", "status": "False"}, {"type": "New"}, DISK]


def test_an_element_can_be_deleted_by_its_key(node: Struct) -> None:
    patch = {"status": {"conditions": [{"$patch": "delete", "type": "Ready"}]}}
    found = merged(node, {"status": {"conditions": [READY, DISK]}}, patch)
    assert found["status"]["conditions"] == [DISK]


def test_a_replace_element_replaces_the_list_although_the_key_is_not_unique(node: Struct) -> None:
    first = {"type": "InternalIP", "address": "10.0.0.1"}
    second = {"type": "InternalIP", "address": "10.0.0.2"}
    patch = {"status": {"addresses": [first, second, {"$patch": "replace"}]}}
    original = {"status": {"addresses": [{"type": "Hostname", "address": "one"}]}}
    assert merged(node, original, patch)["status"]["addresses"] == [first, second]


def test_taints_are_replaced_as_a_whole(node: Struct) -> None:
    original = {"spec": {"taints": [{"key": "a"}, {"key": "b"}]}}
    assert merged(node, original, {"spec": {"taints": [{"key": "c"}]}})["spec"] == {
        "taints": [{"key": "c"}]
    }


def test_a_map_can_be_replaced_or_deleted(node: Struct) -> None:
    original = {"metadata": {"labels": {"a": "1"}, "annotations": {"x": "y"}}}
    patch = {
        "metadata": {
            "labels": {"$patch": "replace", "b": "2"},
            "annotations": {"$patch": "delete"},
        }
    }
    assert merged(node, original, patch) == {"metadata": {"labels": {"b": "2"}, "annotations": {}}}


def test_scalars_of_a_merged_list_are_united(node: Struct) -> None:
    original = {"metadata": {"finalizers": ["x/a", "x/b"]}}
    patch = {"metadata": {"finalizers": ["x/c", "x/a"]}}
    found = merged(node, original, patch)["metadata"]["finalizers"]
    assert sorted(found) == ["x/a", "x/b", "x/c"]


def test_scalars_can_be_deleted_from_a_list(node: Struct) -> None:
    original = {"metadata": {"finalizers": ["x/a", "x/b"]}}
    patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["x/a"]}}
    assert merged(node, original, patch) == {"metadata": {"finalizers": ["x/b"]}}


def test_the_order_of_elements_can_be_set(node: Struct) -> None:
    patch = {
        "status": {"$setElementOrder/conditions": [{"type": "DiskPressure"}, {"type": "Ready"}]}
    }
    found = merged(node, {"status": {"conditions": [READY, DISK]}}, patch)
    assert found["status"]["conditions"] == [DISK, READY]


def test_an_order_that_leaves_out_a_patched_element_is_refused(node: Struct) -> None:
    patch = {"status": {"$setElementOrder/conditions": [], "conditions": [READY]}}
    with pytest.raises(MergeFailed, match="doesn't match"):
        merged(node, {"status": {"conditions": [READY]}}, patch)


def test_retained_keys_clear_the_others(deployment: Struct) -> None:
    original = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}
    assert merged(deployment, original, patch)["spec"]["strategy"] == {"type": "Recreate"}


def test_a_field_that_is_not_retained_cannot_be_set(deployment: Struct) -> None:
    patch = {"spec": {"strategy": {"$retainKeys": [], "type": "Recreate"}}}
    with pytest.raises(MergeFailed) as failure:
        merged(deployment, {"spec": {"strategy": {}}}, patch)
    assert failure.value.code == 400


def test_ports_are_merged_by_their_number(service: Struct) -> None:
    original = {"spec": {"ports": [{"port": 80, "name": "web"}, {"port": 443, "name": "tls"}]}}
    patch = {"spec": {"ports": [{"port": 80, "nodePort": 30080}]}}
    ports = merged(service, original, patch)["spec"]["ports"]
    assert ports == [
        {"port": 80, "name": "web", "nodePort": 30080},
        {"port": 443, "name": "tls"},
    ]


def test_an_element_without_its_merge_key_is_refused(node: Struct) -> None:
    with pytest.raises(MergeFailed, match="does not contain declared merge key: type"):
        merged(node, {"status": {"conditions": [READY]}}, {"status": {"conditions": [{"a": "b"}]}})


def test_an_unknown_directive_is_refused(node: Struct) -> None:
    with pytest.raises(MergeFailed, match="unknown patch type: nonsense"):
        merged(node, {"metadata": {}}, {"metadata": {"$patch": "nonsense"}})
