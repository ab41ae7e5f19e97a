"""Values against schemas, in the words of the real server."""

from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.custom_resources.validation import schema_errors

GOOD: list[tuple[dict[str, Any], Any]] = [
    ({"type": "integer"}, 2.0),
    ({"type": "number"}, 1),
    ({"type": "string", "nullable": True}, None),
    ({"type": "string", "format": "unknown"}, "anything"),
    ({"type": "string", "format": "date-time"}, "2020-01-01T00:00:00Z"),
    ({"x-kubernetes-int-or-string": True}, "http"),
    ({"anyOf": [{"minimum": 3}, {"maximum": 1}]}, 1),
    ({"not": {"enum": [5]}}, 4),
]
BAD: list[tuple[dict[str, Any], Any, str]] = [
    ({"type": "integer"}, "5", 'size: Invalid value: "string": size in body must be of type '),
    ({"type": "integer", "format": "int32"}, 2**31, "with format int32 in size"),
    ({"minimum": 1, "exclusiveMinimum": True}, 1, "should be greater than 1"),
    ({"maximum": 2.5}, 3, "should be less than or equal to 2.5"),
    ({"multipleOf": 2}, 3, "should be a multiple of 2"),
    ({"minLength": 2}, "a", "should be at least 2 chars long"),
    ({"maxLength": 1}, "ab", "size: Too long: may not be more than 1 byte"),
    ({"pattern": "^a$"}, "b", "should match '^a$'"),
    ({"enum": ["a", 1]}, "b", 'Unsupported value: "b": supported values: "a", "1"'),
    ({"format": "ipv4"}, "1.2", 'size in body must be of type ipv4: "1.2"'),
    ({"maxItems": 1}, [1, 2], "size: Too many: 2: must have at most 1 item"),
    ({"minProperties": 1}, {}, "should have at least 1 properties"),
    ({"required": ["a"]}, {}, "size.a: Required value"),
    ({"oneOf": [{"minimum": 1}, {"maximum": 9}]}, 5, "Found 2 valid alternatives"),
    ({"allOf": [{"minimum": 3}, {"maximum": 9}]}, 1, '"size" must validate all the schemas'),
    ({"additionalProperties": {"type": "string"}}, {"a": 1}, "size.a in body must be of type"),
    ({"items": {"type": "string"}}, [1], "size[0] in body must be of type string"),
]


@pytest.mark.parametrize(("schema", "value"), GOOD)
def test_what_fits(schema: dict[str, Any], value: Any) -> None:
    assert schema_errors(value, schema, "size") == []


@pytest.mark.parametrize(("schema", "value", "message"), BAD)
def test_what_does_not_fit(schema: dict[str, Any], value: Any, message: str) -> None:
    said = ", ".join(str(error) for error in schema_errors(value, schema, "size"))
    assert message in said


def test_elements_of_list_maps_are_found_again_by_their_keys() -> None:
    item = {"type": "object", "properties": {"n": {"maximum": 1}}}
    schema = {
        "type": "array",
        "items": item,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
    }
    old = [{"k": "a", "n": 9}]
    assert schema_errors([{"k": "b", "n": 0}, *old], schema, old=old) == []
    assert schema_errors([{"k": "a", "n": 8}], schema, old=old)
