"""The folder that built components are kept in, and what was recorded about each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec


class Built(msgspec.Struct, frozen=True):
    """What the record beside a program says."""

    name: str
    version: str
    package: str
    go: str
    sha256: str


def cache_folder(env: Mapping[str, str] = os.environ) -> Path:
    """`$XDG_CACHE_HOME/cloud-provider-conformance/components` (`~/.cache` without the variable)."""
    base = env.get("XDG_CACHE_HOME", "")
    home = Path(base) if base else Path(env.get("HOME") or Path.home()) / ".cache"
    return home / "cloud-provider-conformance" / "components"


def program_path(cache: Path, name: str, version: str) -> Path:
    return cache / name / version / name


def cached_programs(cache: Path, name: str, versions: tuple[str, ...]) -> Iterator[Path]:
    """The programs of this name that have a record, in the order of `versions`."""
    for version in versions:
        path = program_path(cache, name, version)
        if _record_path(path).is_file():
            yield path


def write_record(path: Path, built: Built) -> None:
    """Written last: a program without a record is not whole."""
    _record_path(path).write_bytes(msgspec.json.format(msgspec.json.encode(built)))


def is_whole(path: Path) -> bool:
    """Whether program and record are there and the checksum is the recorded one."""
    try:
        built = msgspec.json.decode(_record_path(path).read_bytes(), type=Built)
        return built.sha256 == sha256_of(path)
    except (OSError, msgspec.MsgspecError):
        return False


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record_path(path: Path) -> Path:
    return path.with_name("record.json")
