"""Make the file of columns (for developers; it is committed).

    python -m fake_cloud.kube_api.representations.generate_columns KUBECONFIG

KUBECONFIG leads to a running kube-apiserver of the newest minor. Columns are kept of resources that
have rows here; `*` are those of all others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from fake_cloud.kube_api.fidelity.http_server import HttpServer
from fake_cloud.kube_api.http import JSON, Request
from fake_cloud.kube_api.representations.accept import META_GROUP, TABLE
from fake_cloud.kube_api.representations.tables import ROWS
from fake_cloud.kube_api.types.table import ResourceType, load_table, minors

FILE = Path(__file__).parent / "columns.json"
OTHER = "limitranges"
"""A resource without columns of its own."""

Columns = list[dict[str, Any]]


def main(kubeconfig: Path) -> None:
    found = dict(sorted(columns(HttpServer(kubeconfig))))
    lines = (f"{_encoded(name)}: {_listed(shown)}" for name, shown in found.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def columns(server: HttpServer) -> Iterator[tuple[str, Columns]]:
    accept = {"accept": f"{JSON};as={TABLE};v=v1;g={META_GROUP}"}
    for resource in load_table(minors()[-1]).resources.values():
        if resource.qualified in ROWS or resource.qualified == OTHER:
            answer = server.send(Request("GET", _path(resource), {"limit": "1"}, accept))
            name = "*" if resource.qualified == OTHER else resource.qualified
            yield name, msgspec.json.decode(answer.body)["columnDefinitions"]


def _path(resource: ResourceType) -> str:
    root = "apis" if resource.group else "api"
    return f"/{root}/{resource.api_version}/{resource.plural}"


def _listed(shown: Columns) -> str:
    return "[\n  " + ",\n  ".join(map(_encoded, shown)) + "\n]"


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
