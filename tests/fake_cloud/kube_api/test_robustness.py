"""Whatever a client sends, the core answers and takes nothing that it does not give back."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from conformance.contracts.kubernetes import SERVICES, KubeClient
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.protobuf.envelope import MAGIC, PROTOBUF
from fake_cloud.kube_api.protobuf.wire import BYTES, write_part
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.types.schema import ListOf, MapOf, Schema, Struct
from fake_cloud.kube_api.types.table import ResourceType, load_table
from tests.fake_cloud.kube_api.objects import service

SEED = 7
ODD: tuple[Any, ...] = (None, 1, -1, 1.5, True, "", "x", [], {})
WORDS = (
    "", "None", "ClusterIP", "LoadBalancer", "ExternalName", "NodePort", "10.96.0.9", "IPv4",
    "TCP", "Local", "x.com/a", "SingleStack", "RequireDualStack", "2020-01-01T00:00:00Z",
)  # fmt: skip
PATCHES = ("application/merge-patch+json", "application/strategic-merge-patch+json")
SERVER_FIELDS = ("resourceVersion", "uid", "namespace", "managedFields", "deletionTimestamp")


class Author:
    """Writes bodies that mostly have the right shape."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)  # noqa: S311 - repeatable, guards nothing

    def body(self, resource: ResourceType) -> Any:
        body = self.value(resource.struct, 0)
        if isinstance(body, dict):
            given = body.get("metadata")
            metadata = given if isinstance(given, dict) else {}
            body["metadata"] = {
                **{k: v for k, v in metadata.items() if k not in SERVER_FIELDS},
                "name": "one",
            }
            body.pop("kind", None)
            body.pop("apiVersion", None)
        return body

    def value(self, schema: Schema, depth: int) -> Any:
        if self._random.random() < 0.03:
            return self._random.choice(ODD)
        if isinstance(schema, Struct):
            share = 0.5 if depth < 2 else 0.25 if depth < 6 else 0
            return {
                name: self.value(field.schema, depth + 1)
                for name, field in schema.fields.items()
                if self._random.random() < share
            }
        if isinstance(schema, ListOf):
            return [self.value(schema.item, depth + 1) for _ in range(self._random.randrange(3))]
        if isinstance(schema, MapOf):
            keys = self._random.sample(("a", "x.com/c", "-"), self._random.randrange(3))
            return {key: self.value(schema.item, depth + 1) for key in keys}
        if schema.go == "bool":
            return self._random.random() < 0.5
        if schema.go.startswith("int"):
            return self._random.choice((0, 1, 80, 30000))
        return self._random.choice(WORDS)

    def patch_type(self) -> str:
        return self._random.choice(PATCHES)


def requests(resource: ResourceType, author: Author) -> list[Request]:
    root = f"/apis/{resource.group}" if resource.group else "/api"
    place = "namespaces/default/" if resource.namespaced else ""
    path = f"{root}/{resource.version}/{place}{resource.plural}"
    plain = {"content-type": "application/json"}
    patch = {"content-type": author.patch_type()}

    def body() -> bytes:
        return json.dumps(author.body(resource)).encode()

    return [
        Request("POST", path, {}, plain, body()),
        Request("PUT", f"{path}/one", {}, plain, body()),
        Request("PATCH", f"{path}/one", {}, patch, body()),
        Request("PATCH", f"{path}/one/status", {}, patch, body()),
        Request("DELETE", f"{path}/one"),
    ]


@pytest.mark.parametrize("minor", ["1.31", "1.37"])
def test_every_request_is_answered(minor: str) -> None:
    api, author = KubeApi(minor), Author(SEED)
    try:
        for resource in load_table(minor).resources.values():
            for request in requests(resource, author):
                assert api.handle(request).status in range(200, 506)
    finally:
        api.close()


def test_services_give_back_what_they_took(api: KubeApi, kube: KubeClient) -> None:
    author = Author(SEED)
    services = load_table("1.37").resources[("", "v1", "services")]
    for _ in range(200):
        for request in requests(services, author):
            api.handle(request)
    for item in kube.list(SERVICES, "default")["items"]:
        kube.delete(SERVICES, item["metadata"]["name"], "default")
    everything = [{"name": f"p{port}", "port": port - 29999} for port in range(30000, 32768)]
    body = service("all", type="NodePort", ports=everything)
    spec = kube.create(SERVICES, body, "default")["spec"]
    assert {port["nodePort"] for port in spec["ports"]} == set(range(30000, 32768))


def nested_messages(levels: int) -> bytes:
    """A definition whose schema has a schema (`not`) has a schema."""
    raw = b""
    for _ in range(levels):
        raw = write_part(28, BYTES, raw)
    version = write_part(4, BYTES, write_part(1, BYTES, raw))
    definition = write_part(2, BYTES, write_part(7, BYTES, version))
    kind = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    said = b"".join(
        write_part(number, BYTES, text.encode()) for number, text in enumerate(kind.values(), 1)
    )
    return MAGIC + write_part(1, BYTES, said) + write_part(2, BYTES, definition)


DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    ("path", "media", "body"),
    [
        ("/api/v1/nodes", "application/json", DEEP),
        ("/api/v1/nodes", "application/json", b'{"x" :' + b"[" * 5000 + b"]" * 5000 + b"}"),
        ("/api/v1/nodes", "application/yaml", DEEP),
        (
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            PROTOBUF,
            nested_messages(5000),
        ),
    ],
)
def test_bodies_without_a_bottom_are_refused(
    api: KubeApi, path: str, media: str, body: bytes
) -> None:
    answer = api.handle(Request("POST", path, {}, {"content-type": media}, body))
    assert isinstance(answer, Reply)
    assert (answer.status, b"exceeded max depth" in answer.body) == (400, True)


@pytest.mark.parametrize("media", ["application/merge-patch+json", "application/apply-patch+yaml"])
def test_patches_without_a_bottom_are_refused(api: KubeApi, media: str) -> None:
    path = "/api/v1/namespaces/default"
    headers = {"content-type": media}
    answer = api.handle(Request("PATCH", path, {"fieldManager": "me"}, headers, DEEP))
    assert answer.status == 400
