"""Tables, discovery and OpenAPI documents beside those of a real kube-apiserver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from conformance.clusters.binaries import BinariesBackend
from conformance.contracts.clusters import ClusterOptions
from conformance.errors import ProgramMissing
from conformance.ledger import RunLedger
from conformance.standing import Standing
from fake_cloud.kube_api.fidelity.embedded_server import EmbeddedServer
from fake_cloud.kube_api.fidelity.http_server import HttpServer
from fake_cloud.kube_api.fidelity.servers import Answer, Server
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.server import KubeApi

pytestmark = pytest.mark.real

OBJECTS = yaml.safe_load((Path(__file__).parent / "printed.yaml").read_text())
TABLE = {"accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
AGGREGATED = {"accept": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"}
PASSING = re.compile(r"\d+s|20(?!20)\d\d-.*Z")
"""Ages and times of creation; those that tests give are of 2020."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A real server and an embedded one with the same objects."""

    real: Server
    embedded: Server

    def answers(self, path: str, headers: dict[str, str], **query: str) -> tuple[Any, Any]:
        asked = Request("GET", path, query, headers)
        real, embedded = (content(server.send(asked)) for server in (self.real, self.embedded))
        return real, embedded


def content(answer: Answer) -> Any:
    assert answer.status == 200, answer
    return msgspec.json.decode(answer.body)


def write(server: Server, method: str, path: str, kind: str, body: Any) -> None:
    request = Request(method, path, {}, {"content-type": kind}, msgspec.json.encode(body))
    answer = server.send(request)
    assert answer.status in (200, 201), (method, path, answer)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("real")
    parts = Standing(folder, "printed", RunLedger(folder / "ledger.jsonl"))
    backend, options = BinariesBackend(), ClusterOptions(kubernetes="1.37")
    try:
        backend.probe(options)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with backend.start(options, parts) as cluster:
        api = KubeApi("1.37")
        pair = Pair(HttpServer(cluster.kubeconfig), EmbeddedServer(api))
        for one in OBJECTS:
            fill(pair.real, one)
            fill(pair.embedded, one)
        yield pair
        api.close()


def fill(server: Server, one: dict[str, Any]) -> None:
    write(server, "POST", one["at"], "application/json", one["body"])
    if "status" in one:
        path = f"{one['at']}/{one['body']['metadata']['name']}/status"
        patch = {"status": one["status"]}
        write(server, "PATCH", path, "application/merge-patch+json", patch)


@pytest.mark.parametrize("path", sorted({one["at"] for one in OBJECTS}))
def test_tables_are_printed_alike(pair: Pair, path: str) -> None:
    real, embedded = pair.answers(path, TABLE)
    assert embedded["columnDefinitions"] == real["columnDefinitions"]
    names = {one["body"]["metadata"]["name"] for one in OBJECTS if one["at"] == path}
    assert rows(embedded, names) == rows(real, names)


def rows(table: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Of these objects, by name, without what passes."""
    found = {}
    for row in table["rows"]:
        name = row.pop("object")["metadata"]["name"]
        if name in names:
            row["cells"] = [
                "" if isinstance(cell, str) and PASSING.fullmatch(cell) else cell
                for cell in row["cells"]
            ]
            found[name] = row
    return found


@pytest.mark.parametrize("path", ["/api", "/apis"])
def test_the_same_is_announced(pair: Pair, path: str) -> None:
    real, embedded = (built_in(one["items"]) for one in pair.answers(path, AGGREGATED))
    assert embedded == real


def built_in(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the group of the definition: a real server announces that when it finds the time."""
    return [group for group in groups if group["metadata"].get("name") != "example.com"]


def test_the_same_documents_are_published(pair: Pair) -> None:
    real, embedded = (
        {name for name in one["paths"] if "example.com" not in name}
        for one in pair.answers("/openapi/v3", {})
    )
    assert embedded == real
    for name in sorted(real):
        document, ours = pair.answers(f"/openapi/v3/{name}", {})
        assert in_order(ours) == in_order(document), name


def in_order(node: Any) -> Any:
    """Lists of parameters and kinds come in any order: they are made of maps of Go."""
    if isinstance(node, dict):
        return {key: in_order(value) for key, value in node.items()}
    if isinstance(node, list):
        return sorted((in_order(item) for item in node), key=msgspec.json.encode)
    return node
