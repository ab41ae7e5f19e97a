"""Make the files of announced resources (for developers; they are committed).

    python -m fake_cloud.kube_api.types.generate_announced MINOR=DIR ...

DIR is the Go module `k8s.io/kubernetes` of that minor: its `api/discovery` holds the documents of
kube-apiserver. Only stable versions are kept: no others are served by default.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from fake_cloud.kube_api.types.announced import Announced, AnnouncedGroupVersion

HERE = Path(__file__).parent
STABLE = re.compile(r"v\d+")


def main(arguments: Iterable[str]) -> None:
    for minor, folder in (item.split("=", 1) for item in arguments):
        found = list(group_versions(Path(folder) / "api/discovery"))
        data = gzip.compress(msgspec.json.encode(found), mtime=0)
        (HERE / "announced_resources" / f"{minor}.json.gz").write_bytes(data)


def group_versions(folder: Path) -> Iterator[AnnouncedGroupVersion]:
    yield _group_version(folder / "api__v1.json", "", "v1")
    for group in _read(folder / "apis.json")["groups"]:
        for version in (one["version"] for one in group["versions"]):
            if STABLE.fullmatch(version):
                name = group["name"]
                yield _group_version(folder / f"apis__{name}__{version}.json", name, version)


def _group_version(path: Path, group: str, version: str) -> AnnouncedGroupVersion:
    resources = msgspec.convert(_read(path)["resources"], tuple[Announced, ...])
    return AnnouncedGroupVersion(group, version, resources)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return content


if __name__ == "__main__":
    main(sys.argv[1:])
