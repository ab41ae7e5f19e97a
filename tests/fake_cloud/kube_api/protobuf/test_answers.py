"""Answers to those who accept nothing but protobuf."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from fake_cloud.kube_api.http import Reply, Request, Streaming
from fake_cloud.kube_api.protobuf.envelope import PROTOBUF, message_of, open_envelope
from fake_cloud.kube_api.protobuf.wire import parts
from fake_cloud.kube_api.server import KubeApi

PARTIAL = f"{PROTOBUF};as=PartialObjectMetadata;g=meta.k8s.io;v=v1"


def get(api: KubeApi, path: str, accept: str = PROTOBUF) -> Reply:
    reply = api.handle(Request("GET", path, {}, {"accept": accept}))
    assert isinstance(reply, Reply)
    return reply


def opened(body: bytes) -> dict[str, Any]:
    envelope = open_envelope(body)
    found = message_of(envelope.api_version, envelope.kind).read(envelope.raw)
    assert isinstance(found, dict)
    return {"kind": envelope.kind, "apiVersion": envelope.api_version, **found}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/namespaces/default", "Namespace"),
        ("/api/v1/namespaces", "NamespaceList"),
        ("/api/v1/namespaces/nobody", "Status"),
        ("/apis/apps/v1", "APIResourceList"),
        ("/apis", "APIGroupList"),
    ],
)
def test_the_same_is_said_as_in_json(api: KubeApi, path: str, kind: str) -> None:
    reply = get(api, path)
    assert reply.headers["Content-Type"] == PROTOBUF
    found = opened(reply.body)
    assert found["kind"] == kind
    plain = get(api, path, "application/json")
    assert reply.status == plain.status
    again = message_of(found["apiVersion"], kind).write(found)
    assert again == open_envelope(reply.body).raw


def test_metadata_alone(api: KubeApi) -> None:
    found = opened(get(api, "/api/v1/namespaces/default", PARTIAL).body)
    assert (found["kind"], found["apiVersion"]) == ("PartialObjectMetadata", "meta.k8s.io/v1")
    assert found["metadata"]["name"] == "default"


def test_whoever_takes_json_as_well_gets_it(api: KubeApi) -> None:
    for accept in (f"{PROTOBUF},application/json", f"{PROTOBUF}, */*"):
        assert get(api, "/api/v1/namespaces", accept).headers["Content-Type"] == "application/json"


def test_events_come_with_their_length(api: KubeApi) -> None:
    query = {"watch": "true", "fieldSelector": "metadata.name=default"}
    answer = api.handle(Request("GET", "/api/v1/namespaces", query, {"accept": PROTOBUF}))
    assert isinstance(answer, Streaming)
    assert answer.headers["Content-Type"] == f"{PROTOBUF};stream=watch"
    line = answer.stream.next_line(timeout=5)
    answer.stream.close()
    assert line is not None
    assert struct.unpack(">I", line[:4]) == (len(line) - 4,)
    (_, _, kind), (_, _, extension) = parts(line[4:])
    assert kind == b"ADDED"
    assert isinstance(extension, bytes)
    ((_, _, body),) = parts(extension)
    assert isinstance(body, bytes)
    assert opened(body)["metadata"]["name"] == "default"
