"""Make the files of OpenAPI documents (for developers; they are committed).

    python -m fake_cloud.kube_api.openapi.generate MINOR=DIR ...

DIR holds documents under the names of `api/openapi-spec/v3` in the Go module `k8s.io/kubernetes`:
that folder itself, or better what a running kube-apiserver answers, because it also names the
values of enumerations. Stable versions are kept; CBOR, which is off by default, is not.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

HERE = Path(__file__).parent
ENDING = "_openapi.json"
UNSTABLE = re.compile(r"/v\d+(alpha|beta)")


def main(arguments: Iterable[str]) -> None:
    for minor, folder in (item.split("=", 1) for item in arguments):
        data = msgspec.json.encode(content(minor, Path(folder)))
        packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
        (HERE / "documents" / f"{minor}.json.xz").write_bytes(packed)


def content(minor: str, folder: Path) -> dict[str, Any]:
    shared: dict[str, Any] = {}
    documents = {}
    for path in sorted(folder.glob(f"*{ENDING}")):
        name = path.name.removesuffix(ENDING).replace("__", "/")
        if not UNSTABLE.search(name):
            documents[name] = _document(
                _without_cbor(msgspec.json.decode(path.read_bytes())), shared
            )
    info = {"title": "Kubernetes", "version": minor}
    return {"info": info, "schemas": shared, "documents": documents}


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
