"""Make the files of OpenAPI documents (for developers; they are committed).

    python -m fake_cloud.kube_api.openapi.generate MINOR=SOURCE ...

SOURCE is the kubeconfig of a running kube-apiserver of that minor without custom resources, or else
the folder `api/openapi-spec/v3` of its Go module `k8s.io/kubernetes`, whose documents do not name
the values of enumerations. Stable versions are kept; CBOR, which is off by default, is not.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from fake_cloud.kube_api.fidelity.http_server import HttpServer
from fake_cloud.kube_api.http import Request

HERE = Path(__file__).parent
ENDING = "_openapi.json"
UNSTABLE = re.compile(r"/v\d+(alpha|beta)")


def main(arguments: Iterable[str]) -> None:
    for minor, source in (item.split("=", 1) for item in arguments):
        data = msgspec.json.encode(content(minor, Path(source)))
        packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
        (HERE / "documents" / f"{minor}.json.xz").write_bytes(packed)


def content(minor: str, source: Path) -> dict[str, Any]:
    shared: dict[str, Any] = {}
    found = _of_folder(source) if source.is_dir() else _of_server(source)
    documents = {
        name: _document(_without_cbor(msgspec.json.decode(data)), shared)
        for name, data in found
        if not UNSTABLE.search(name)
    }
    info = {"title": "Kubernetes", "version": minor}
    return {"info": info, "schemas": shared, "documents": documents}


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob(f"*{ENDING}")):
        yield path.name.removesuffix(ENDING).replace("__", "/"), path.read_bytes()


def _of_server(kubeconfig: Path) -> Iterator[tuple[str, bytes]]:
    server = HttpServer(kubeconfig)
    index = msgspec.json.decode(server.send(Request("GET", "/openapi/v3")).body)
    for name in sorted(index["paths"]):
        yield name, server.send(Request("GET", f"/openapi/v3/{name}")).body


def _document(body: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    schemas = body.get("components", {}).get("schemas", {})
    own = {
        name: schema
        for name, schema in schemas.items()
        if shared.setdefault(name, schema) != schema
    }
    return {"paths": body["paths"], "schemas": list(schemas), "own": own}


def _without_cbor(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_cbor(value) for key, value in node.items() if "cbor" not in key}
    return [_without_cbor(item) for item in node] if isinstance(node, list) else node


if __name__ == "__main__":
    main(sys.argv[1:])
