"""Every kind has its message, and what goes through one comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_cloud.kube_api.protobuf.envelope import message_of, open_envelope, write_object
from fake_cloud.kube_api.protobuf.messages import Adapted, Message, declared_in
from fake_cloud.kube_api.protobuf.wire import Malformed, write_number
from fake_cloud.kube_api.types.schema import ListOf, MapOf, Schema, Struct
from fake_cloud.kube_api.types.table import TypeTable, load_table

OF_ENVELOPES = ("apiVersion", "kind")


@pytest.fixture(scope="module")
def table() -> TypeTable:
    return load_table("1.37")


def read(data: bytes) -> dict[str, Any]:
    envelope = open_envelope(data)
    found = message_of(envelope.api_version, envelope.kind).read(envelope.raw)
    assert isinstance(found, dict)
    return {"apiVersion": envelope.api_version, "kind": envelope.kind, **found}


def through(kind: str, api_version: str, **fields: Any) -> dict[str, Any]:
    document = {"apiVersion": api_version, "kind": kind, **fields}
    return read(write_object(document))


def unlike(schema: Schema, value: Any, path: str, seen: set[str]) -> list[str]:
    """Where the names of a type and of a message differ."""
    while isinstance(schema, (ListOf, MapOf)):
        schema = schema.item
    if not isinstance(schema, Struct) or isinstance(value, Adapted) or path in seen:
        return []
    found, names = [], names_of(value)
    seen.add(path)
    wanted = set(schema.fields)
    found += [f"{schema.go}: {name}" for name in wanted ^ set(names) if name not in OF_ENVELOPES]
    for name in wanted & set(names):
        found += unlike(
            schema.fields[name].schema, names[name], schema.fields[name].schema.go, seen
        )
    return found


def names_of(message: Message) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for field in message.fields.values():
        inner = names_of(field.value) if isinstance(field.value, Message) else {}
        names.update(inner if field.inline else {field.name: field.value})
    return names


def test_every_kind_has_a_message_with_the_same_fields(table: TypeTable) -> None:
    seen: set[str] = set()
    for resource in table.resources.values():
        message = message_of(resource.api_version, resource.kind)
        assert unlike(resource.struct, message, resource.struct.go, seen) == []


def test_every_kind_has_a_list(table: TypeTable) -> None:
    lists = {
        (r.api_version, f"{r.kind}List") for r in table.resources.values() if "list" in r.verbs
    }
    assert all(isinstance(message_of(*names), Message) for names in lists)


@pytest.mark.parametrize(
    ("fields"),
    [
        {"metadata": {"name": "n", "creationTimestamp": "2026-01-02T03:04:05Z"}},
        {"metadata": {"managedFields": [{"manager": "m", "fieldsV1": {"f:spec": {".": {}}}}]}},
        {"spec": {"podCIDRs": [], "unschedulable": True, "taints": [{"key": "k", "effect": "E"}]}},
        {"status": {"capacity": {"cpu": "250m", "memory": "16Gi"}}},
        {"status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}}},
        {"metadata": {"labels": {"ä": "日本", "": ""}}},
    ],
)  # fmt: skip
def test_nodes_come_back(fields: dict[str, Any]) -> None:
    came = through("Node", "v1", **fields)
    for part in fields.values():
        part.pop("podCIDRs", None)  # an empty list is none
    assert {name: came[name] for name in fields} == fields


def test_special_types_come_back() -> None:
    port = {"port": 80, "targetPort": "http"}
    spec = {"ports": [port, {"port": 81, "targetPort": 8081}], "clusterIPs": ["None"]}
    assert through("Service", "v1", spec=spec)["spec"] == spec
    lease = {"renewTime": "2026-01-02T03:04:05.678901Z", "leaseTransitions": -1}
    assert through("Lease", "coordination.k8s.io/v1", spec=lease)["spec"] == lease
    data = {"a": "AAEC/w==", "empty": ""}
    assert through("Secret", "v1", data=data)["data"] == data
    raw = {"any": [1, "x", None, {"b": True}]}
    assert through("ControllerRevision", "apps/v1", data=raw, revision=2**40)["data"] == raw
    budget = {"disruptedPods": {"one": "2026-01-02T03:04:05Z", "two": None}}
    assert through("PodDisruptionBudget", "policy/v1", status=budget)["status"] == budget


def test_schemas_of_definitions_come_back() -> None:
    schema = {
        "type": "object",
        "$ref": "",
        "additionalProperties": False,
        "properties": {
            "size": {
                "type": "integer",
                "maximum": 2.5,
                "minimum": 0,
                "default": 3,
                "enum": [1, "a"],
            },
            "list": {"items": {"type": "string"}, "x-kubernetes-list-type": "set"},
            "map": {"additionalProperties": {"type": "string"}},
        },
    }
    given = {"versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema}}]}
    came = through("CustomResourceDefinition", "apiextensions.k8s.io/v1", spec=given)
    assert came["spec"]["versions"] == given["versions"]


def test_fields_of_inline_messages_stand_in_the_outer_one() -> None:
    volume = {"name": "v", "hostPath": {"path": "/x", "type": ""}}
    probe = {"httpGet": {"port": 80, "path": "/"}, "periodSeconds": 3}
    container = {"name": "c", "livenessProbe": probe}
    spec = {"volumes": [volume], "containers": [container]}
    assert through("Pod", "v1", spec=spec)["spec"] == spec


def test_options_belong_to_every_group() -> None:
    assert through("DeleteOptions", "apps/v1", dryRun=["All"])["dryRun"] == ["All"]
    with pytest.raises(KeyError):
        message_of("example.com/v1", "Thing")


def test_numbers_may_come_packed() -> None:
    message = Message("k8s.io.api.core.v1", declared_in("k8s.io.api.core.v1")["PodSecurityContext"])
    packed = b"\x22\x03" + write_number(5) + write_number(300)
    assert message.read(packed) == {"supplementalGroups": [5, 300]}


def test_unknown_fields_are_passed_over() -> None:
    node = message_of("v1", "Node")
    later = write_number(99 << 3 | 2) + b"\x01x" + write_number(98 << 3) + b"\x05"
    fixed = write_number(97 << 3 | 1) + bytes(8) + write_number(96 << 3 | 5) + bytes(4)
    assert node.read(later + node.write({"metadata": {"name": "n"}}) + fixed) == {
        "metadata": {"name": "n"}
    }


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    for name in ("Pod", "Node", "Event"):
        try:
            found = message_of("v1", name).read(data)
        except Malformed:
            continue
        assert isinstance(found, dict)


@pytest.mark.parametrize("missing", range(1, 46))
def test_bytes_that_end_too_soon_are_malformed(missing: int) -> None:
    whole = write_object({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n" * 40}})
    with pytest.raises(Malformed):
        read(whole[:-missing])
