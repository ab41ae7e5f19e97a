from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.types.quantity import canonical
from fake_cloud.kube_api.types.schema import Mismatch, Path
from fake_cloud.kube_api.types.table import TypeTable, load_table, minors


@pytest.fixture(scope="module")
def table() -> TypeTable:
    return load_table("1.37")


def decoded(table: TypeTable, name: str, value: dict[str, Any]) -> tuple[Any, list[Path]]:
    unknown: list[Path] = []
    return table.struct(name).decode(value, unknown), unknown


def test_there_is_a_table_for_each_supported_minor() -> None:
    assert minors() == ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"]


def test_an_unknown_minor_names_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"1\.9.*1\.31"):
        load_table("1.9")


@pytest.mark.parametrize("minor", minors())
def test_every_type_of_every_minor_can_be_built(minor: str) -> None:
    for resource in load_table(minor).resources.values():
        assert resource.struct.zero() is not None


def test_empty_values_are_written_as_go_writes_them(table: TypeTable) -> None:
    node, _ = decoded(table, "core.v1.Node", {"spec": {"providerID": "", "taints": []}})
    assert node["spec"] == {}
    assert node["status"]["daemonEndpoints"] == {"kubeletEndpoint": {"Port": 0}}


def test_pointers_keep_their_empty_values(table: TypeTable) -> None:
    spec = {"allocateLoadBalancerNodePorts": False, "loadBalancerClass": ""}
    service, _ = decoded(table, "core.v1.Service", {"spec": spec})
    assert service["spec"] == spec


def test_unknown_fields_are_dropped_and_named(table: TypeTable) -> None:
    taints = [{"key": "a", "effect": "NoSchedule", "wrong": 1}]
    node, unknown = decoded(table, "core.v1.Node", {"spec": {"taints": taints}, "typo": {}})
    assert node["spec"]["taints"] == [{"key": "a", "effect": "NoSchedule"}]
    assert sorted(unknown) == [["spec", "taints", "[0]", "wrong"], ["typo"]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"metadata": {"labels": {"a": True}}},
            "json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type "
            "string",
        ),
        (
            {"spec": {"taints": "none"}},
            "json: cannot unmarshal string into Go struct field NodeSpec.spec.taints of type "
            "[]v1.Taint",
        ),
    ],
)
def test_wrong_types_are_refused_in_the_words_of_go(
    table: TypeTable, body: dict[str, Any], message: str
) -> None:
    with pytest.raises(Mismatch) as mismatch:
        decoded(table, "core.v1.Node", body)
    assert str(mismatch.value) == message


def test_fields_come_out_in_the_order_of_the_go_struct(table: TypeTable) -> None:
    given = {"labels": {"a": "b"}, "uid": "u", "name": "one"}
    service, _ = decoded(table, "core.v1.Service", {"spec": {}, "metadata": given})
    assert list(service) == ["metadata", "spec", "status"]
    assert list(service["metadata"]) == ["name", "uid", "labels"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16Gi", "16Gi"),
        ("1024Ki", "1Mi"),
        ("1000m", "1"),
        ("0.5", "500m"),
        ("1e3", "1e3"),
        ("1.5Gi", "1536Mi"),
        ("2000", "2k"),
        ("0", "0"),
    ],
)
def test_quantities_are_written_in_canonical_form(text: str, expected: str) -> None:
    assert canonical(text) == expected


def test_what_is_no_quantity_is_refused() -> None:
    with pytest.raises(Mismatch):
        canonical("many")
