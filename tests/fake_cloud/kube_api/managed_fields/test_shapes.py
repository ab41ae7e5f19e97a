from __future__ import annotations

import pytest

from fake_cloud.kube_api.managed_fields.ownable import applied_set
from fake_cloud.kube_api.managed_fields.shapes import Shape, Shapes, shape_of_json_schema
from fake_cloud.kube_api.managed_fields.typing_errors import typing_errors
from fake_cloud.kube_api.types.table import TypeTable, load_table


@pytest.fixture(scope="module")
def table() -> TypeTable:
    return load_table("1.37")


def test_lists_divide_as_the_type_says(table: TypeTable) -> None:
    spec = Shapes().of(table.struct("core.v1.ServiceSpec"))
    ports, addresses = spec.fields["ports"], spec.fields["externalIPs"]
    assert (ports.divides, ports.keys) == ("list", ("port", "protocol"))
    assert ports.defaults == {"port": 0, "protocol": "TCP"}
    assert addresses.divides == ""
    assert spec.fields["selector"].divides == ""


def test_atomic_structs_are_owned_as_a_whole_unless_a_field_says_otherwise(
    table: TypeTable,
) -> None:
    shapes = Shapes()
    assert shapes.of(table.struct("core.v1.ObjectReference")).divides == ""
    volume = shapes.of(table.struct("core.v1.PersistentVolumeSpec"))
    assert volume.fields["claimRef"].divides == "map"


def test_a_type_may_contain_itself(table: TypeTable) -> None:
    schema = Shapes().of(table.struct("apiextensions.v1.JSONSchemaProps"))
    assert schema.fields["not"] is schema


def of(schema: dict[str, object]) -> Shape:
    return shape_of_json_schema({"type": "object", "properties": {"spec": schema}}, Shape("map"))


def test_custom_resources_divide_as_their_schema_says() -> None:
    item = {
        "type": "object",
        "properties": {"name": {"type": "string", "default": "x"}, "value": {"type": "integer"}},
    }
    shape = of(
        {
            "type": "object",
            "properties": {
                "map": {
                    "type": "array",
                    "items": item,
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                },
                "set": {
                    "type": "array",
                    "items": {"type": "string"},
                    "x-kubernetes-list-type": "set",
                },
                "list": {"type": "array", "items": item},
                "whole": {"type": "object", "x-kubernetes-map-type": "atomic", "properties": {}},
                "open": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
            },
        }
    )
    value = {
        "map": [{"value": 1}],
        "set": ["a"],
        "list": [{"name": "a"}],
        "whole": {"a": 1},
        "open": {"a": {"b": [1]}},
    }
    assert typing_errors(shape, {"spec": value}) == ""
    assert applied_set(shape, {"spec": value}) == {
        "f:spec": {
            "f:map": {'k:{"name":"x"}': {".": {}, "f:value": {}}},
            "f:set": {'v:"a"': {}},
            "f:list": {},
            "f:whole": {},
            "f:open": {"f:a": {".": {}, "f:b": {}}},
        }
    }


def test_custom_resources_without_a_schema_divide_into_their_objects() -> None:
    shape = shape_of_json_schema({}, Shape("map"))
    assert applied_set(shape, {"spec": {"a": {"b": 1}, "c": [1]}}) == {
        "f:spec": {".": {}, "f:a": {".": {}, "f:b": {}}, "f:c": {}}
    }
