"""What a Go program says about itself: the modules it was built from.

The format is that of Go's debug/buildinfo package (src/debug/buildinfo/buildinfo.go) since Go 1.18.
"""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"\xff Go buildinf:"
ALIGNMENT = 16
HEADER = 32
INLINE_STRINGS = 2
"""Flag in the byte after magic and pointer size: both strings follow the header."""

SENTINEL = 16
"""Bytes that the linker puts before and after the module text."""

MODULE = re.compile(r"^(mod|dep|=>)\t(\S+)\t(\S+)")

CLOUD_PROVIDER = "k8s.io/cloud-provider"


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """`package` is the path of the main package; `modules` maps each module to its version."""

    go: str
    package: str
    modules: Mapping[str, str]

    @property
    def version(self) -> str:
        """Version of the module that holds the main package; empty when it was not stamped."""
        holders = [path for path in self.modules if f"{self.package}/".startswith(f"{path}/")]
        version = self.modules[max(holders, key=len)] if holders else ""
        return "" if version == "(devel)" else version


def program_facts(path: Path) -> dict[str, str]:
    """`sha256`, and for Go programs `go`, `version` and `cloud-provider` where they are known."""
    with path.open("rb") as file:
        facts = {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    info = read_build_info(path)
    if info is not None:
        facts |= {
            "go": info.go,
            "version": info.version,
            "cloud-provider": info.modules.get(CLOUD_PROVIDER, ""),
        }
    return {name: value for name, value in facts.items() if value}


def read_build_info(path: Path) -> BuildInfo | None:
    """The build info of a Go program, None when there is none in the file."""
    with path.open("rb") as file:
        if path.stat().st_size < HEADER:
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _find(data)


def _find(data: mmap.mmap) -> BuildInfo | None:
    start = data.find(MAGIC)
    while start >= 0:
        flags = start + len(MAGIC) + 1
        if start % ALIGNMENT == 0 and flags < len(data) and data[flags] & INLINE_STRINGS:
            go, end = _string(data, start + HEADER)
            modules, _ = _string(data, end)
            return _parse(go.decode(), modules[SENTINEL:-SENTINEL].decode(errors="replace"))
        start = data.find(MAGIC, start + 1)
    return None


def _string(data: mmap.mmap, start: int) -> tuple[bytes, int]:
    """The string with a varint length at `start`, and where it ends."""
    length = shift = 0
    while data[start] & 0x80:
        length |= (data[start] & 0x7F) << shift
        shift += 7
        start += 1
    length |= data[start] << shift
    end = start + 1 + length
    return data[start + 1 : end], end


def _parse(go: str, text: str) -> BuildInfo:
    package = ""
    modules: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        if line.startswith("path\t"):
            package = line.split("\t")[1]
        elif found := MODULE.match(line):
            kind, path, version = found.groups()
            last = last if kind == "=>" else path
            modules[last] = version
    return BuildInfo(go, package, modules)
