"""Requests with protobuf bodies, as client-go sends them for typed objects."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.protobuf.envelope import (
    MAGIC,
    PROTOBUF,
    UNKNOWN,
    message_of,
    write_object,
)
from fake_cloud.kube_api.protobuf.messages import message
from fake_cloud.kube_api.server import KubeApi

NODES = "/api/v1/nodes"
NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "one"}}
EMPTY_NODE = message_of("v1", "Node").write({"metadata": {"name": "one"}})


def send(
    api: KubeApi, method: str, path: str, body: bytes, **query: str
) -> tuple[int, dict[str, Any]]:
    headers = {"content-type": PROTOBUF, "accept": "application/json"}
    reply = api.handle(Request(method, path, query, headers, body))
    assert isinstance(reply, Reply)
    return reply.status, json.loads(reply.body)


def envelope(api_version: str, kind: str, raw: bytes) -> bytes:
    encoded = base64.b64encode(raw).decode()
    given = {"apiVersion": api_version, "kind": kind, "raw": encoded}
    return MAGIC + message(UNKNOWN).write(given)


def test_an_object_is_stored_as_its_json_would_be(api: KubeApi) -> None:
    status, created = send(api, "POST", NODES, write_object(NODE))
    assert status == 201
    status, same = send(api, "GET", f"{NODES}/one", b"")
    assert same == created
    labelled = {**created, "metadata": {**created["metadata"], "labels": {"a": "b"}}}
    status, updated = send(api, "PUT", f"{NODES}/one", write_object(labelled))
    assert status == 200
    assert updated["metadata"]["labels"] == {"a": "b"}
    assert updated["status"] == created["status"]


def test_the_envelope_may_leave_out_what_it_holds(api: KubeApi) -> None:
    assert send(api, "POST", NODES, envelope("", "", EMPTY_NODE))[0] == 201


def test_unknown_fields_are_nobodys_business(api: KubeApi) -> None:
    body = envelope("v1", "Node", EMPTY_NODE + b"\x9a\x06\x01x")
    assert send(api, "POST", NODES, body, fieldValidation="Strict")[0] == 201


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the object provided is unrecognized (must be of type Node): empty data (<empty>)"),
        (
            MAGIC,
            "the object provided is unrecognized (must be of type Node): empty body (6b387300)",
        ),
        (
            b'{"kind":"Node"}',
            "the object provided is unrecognized (must be of type Node): provided data does not "
            "appear to be a protobuf message, expected prefix [107 56 115 0] "
            '({"kind":"Node"})',
        ),
        (
            MAGIC + b"\x08\x01",
            "the object provided is unrecognized (must be of type Node): "
            "proto: wrong wireType = 0 for field TypeMeta (6b3873000801)",
        ),
        (
            envelope("v1", "Node", b"\x0a\xff"),
            'Node in version "v1" cannot be handled as a Node: unexpected EOF',
        ),
        (
            envelope("v1", "Pod", b""),
            'Pod in version "v1" cannot be handled as a Node: '
            "converting (v1.Pod) to (core.Node): unknown conversion",
        ),
        (
            envelope("x.y/v1", "Node", b""),
            'Node in version "v1" cannot be handled as a Node: no kind "Node" is registered for '
            'version "x.y/v1" in scheme "pkg/runtime/scheme.go:111"',
        ),
    ],
)
def test_what_is_no_node_is_refused(api: KubeApi, body: bytes, message: str) -> None:
    """In the words that kube-apiserver 1.37.2 was seen to use."""
    status, answer = send(api, "POST", NODES, body)
    assert (status, answer["message"]) == (400, message)


def test_options_of_a_deletion(api: KubeApi) -> None:
    send(api, "POST", NODES, write_object(NODE))
    options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": "other"}}
    assert send(api, "DELETE", f"{NODES}/one", write_object(options))[0] == 409
    assert send(api, "DELETE", f"{NODES}/one", MAGIC)[1]["message"] == "empty body"
    short = envelope("v1", "DeleteOptions", b"\x0a\xff")
    assert send(api, "DELETE", f"{NODES}/one", short)[1]["message"] == "unexpected EOF"
    assert send(api, "DELETE", f"{NODES}/one", envelope("", "", b""))[0] == 200
