"""The folder that built components are kept in, and what was recorded about each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from conformance.components.manifest import Component
from conformance.components.sources import source_digest


class Built(msgspec.Struct, frozen=True):
    """What the record beside a program says; `source` is the digest of sources of ours."""

    name: str
    version: str
    package: str
    go: str
    sha256: str
    source: str = ""


def cache_folder(env: Mapping[str, str] = os.environ) -> Path:
    """`$XDG_CACHE_HOME/cloud-provider-conformance/components` (`~/.cache` without the variable)."""
    base = env.get("XDG_CACHE_HOME", "")
    home = Path(base) if base else Path(env.get("HOME") or Path.home()) / ".cache"
    return home / "cloud-provider-conformance" / "components"


def program_path(cache: Path, name: str, version: str) -> Path:
    return cache / name / version / name


def cached_programs(cache: Path, component: Component) -> Iterator[Path]:
    """Its programs that were built from what is its source now, in the order of its versions."""
    for version in component.versions:
        path = program_path(cache, component.name, version)
        built = _read_record(path)
        if built is not None and built.source == source_digest(component, version):
            yield path


def write_record(path: Path, built: Built) -> None:
    """Written last: a program without a record is not whole."""
    _record_path(path).write_bytes(msgspec.json.format(msgspec.json.encode(built)))


def is_whole(path: Path, source: str = "") -> bool:
    """Whether program and record are there and the checksums are the recorded ones."""
    built = _read_record(path)
    try:
        return built is not None and (built.sha256, built.source) == (sha256_of(path), source)
    except OSError:
        return False


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_record(path: Path) -> Built | None:
    try:
        return msgspec.json.decode(_record_path(path).read_bytes(), type=Built)
    except (OSError, msgspec.MsgspecError):
        return None


def _record_path(path: Path) -> Path:
    return path.with_name("record.json")
