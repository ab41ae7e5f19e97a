"""Programs of our own: Go files in a folder of the distribution, with a go.mod for each version.

The modules stand in files of their own (`go-v0.37.2.mod` and `.sum`), so one source is built
against several libraries, each time in the same versions.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from conformance.components.manifest import Component

DISTRIBUTION = Path(__file__).parents[2]


def lay_sources(component: Component, version: str, folder: Path) -> None:
    """Copy what is built for `version` into `folder`, under the names that Go expects."""
    for name, path in _sources(component, version):
        shutil.copyfile(path, folder / name)


def source_digest(component: Component, version: str) -> str:
    """sha256 of everything that `lay_sources` copies; empty for a component that others wrote."""
    if not component.source:
        return ""
    digest = hashlib.sha256()
    for name, path in _sources(component, version):
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _sources(component: Component, version: str) -> Iterator[tuple[str, Path]]:
    folder = DISTRIBUTION / component.source
    yield "go.mod", folder / f"go-{version}.mod"
    yield "go.sum", folder / f"go-{version}.sum"
    yield from ((path.name, path) for path in sorted(folder.glob("*.go")))
