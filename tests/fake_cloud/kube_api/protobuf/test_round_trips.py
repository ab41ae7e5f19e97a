"""Objects of every kind, through their message and back: what the types keep is kept."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from fake_cloud.kube_api.protobuf.envelope import message_of
from fake_cloud.kube_api.types.schema import ListOf, MapOf, Schema, Struct
from fake_cloud.kube_api.types.table import ResourceType, load_table

TABLE = load_table("1.37")
DEEPEST = 7
VALUES: dict[str, Callable[[Random], Any]] = {
    "string": lambda r: r.choice(("", "a", "ä \U0001f980", "x" * 300)),
    "bool": lambda r: r.random() < 0.5,
    "int32": lambda r: r.choice((0, 1, -1, 2**31 - 1, -(2**31))),
    "int64": lambda r: r.choice((0, 127, 128, -1, 2**63 - 1, -(2**63))),
    "float64": lambda r: r.choice((0, 0.5, -1e300)),
    "[]uint8": lambda r: r.choice(("", "AA==", "AAEC/w==")),
    "resource.Quantity": lambda r: r.choice(("0", "250m", "16Gi", "-1")),
    "intstr.IntOrString": lambda r: r.choice((0, 80, "", "http")),
    "v1.Time": lambda r: r.choice(("1969-12-31T23:59:59Z", "2026-01-02T03:04:05Z")),
    "v1.MicroTime": lambda r: r.choice(
        ("1969-12-31T23:59:59.999999Z", "2026-01-02T03:04:05.000001Z")
    ),
}


def made(schema: Schema, random: Random, depth: int = 0) -> Any:
    """No list and no map is empty: on the wire that is the same as none.

    Kind and version of objects stand in the envelope; those in the middle of others have none.
    """
    if isinstance(schema, Struct):
        share = 0.6 if depth < 3 else 0.25 if depth < DEEPEST else 0
        outside = ("kind", "apiVersion") if "metadata" in schema.fields else ()
        chosen = [name for name in schema.fields if name not in outside and random.random() < share]
        return {name: made(schema.fields[name].schema, random, depth + 1) for name in chosen}
    if isinstance(schema, ListOf):
        return [made(schema.item, random, depth) for _ in range(random.randint(1, 3))]
    if isinstance(schema, MapOf):
        return {key: made(schema.item, random, depth) for key in random.sample(("a", "b", ""), 2)}
    value = VALUES.get(schema.go)
    return value(random) if value else None


@pytest.mark.parametrize("resource", TABLE.resources.values(), ids=lambda r: r.qualified)
def test_what_is_written_is_read(resource: ResourceType) -> None:
    random, message = Random(resource.qualified), message_of(resource.api_version, resource.kind)  # noqa: S311 - repeatable
    for _ in range(20):
        before = resource.struct.decode(made(resource.struct, random), [])
        unknown: list[list[str]] = []
        after = resource.struct.decode(message.read(message.write(before)), unknown)
        assert unknown == []
        assert after == before
