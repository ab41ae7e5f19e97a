"""Puts components into the cache folder and says what is there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.components.build import Report, build
from conformance.components.cache import (
    Built,
    cache_folder,
    is_whole,
    program_path,
    sha256_of,
    write_record,
)
from conformance.components.manifest import Component, components, find_component
from conformance.components.sources import source_digest


@dataclass(frozen=True, slots=True)
class Installed:
    """A program in the cache folder."""

    name: str
    version: str
    path: Path


@dataclass(frozen=True, slots=True)
class Listed:
    """A pinned version of a component; `path` None: not installed."""

    name: str
    version: str
    path: Path | None

    def __str__(self) -> str:
        return f"{self.name} {self.version} {self.path or 'not installed'}"


def install_components(
    names: Sequence[str], *, report: Report, env: Mapping[str, str] = os.environ
) -> list[Installed]:
    """Build what `names` (`NAME` or `NAME@VERSION`) ask for and is not there yet.

    `report` gets one line a step. Raises `UnknownName` before anything is built, and
    `ComponentBuildFailed`; what was finished before stays.
    """
    wanted = [find_component(name) for name in names]
    return [_install(component, version, report, env) for component, version in wanted]


def list_components(env: Mapping[str, str] = os.environ) -> list[Listed]:
    """Every pinned version of every component."""
    cache = cache_folder(env)
    return [
        Listed(name, version, path if is_whole(path, source_digest(component, version)) else None)
        for name, component in components().items()
        for version in component.versions
        for path in [program_path(cache, name, version)]
    ]


def _install(
    component: Component, version: str, report: Report, env: Mapping[str, str]
) -> Installed:
    path = program_path(cache_folder(env), component.name, version)
    installed = Installed(component.name, version, path)
    source = source_digest(component, version)
    if is_whole(path, source):
        report(f"{component.name}: {version} is there already")
        return installed
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{component.name}.{os.getpid()}.unfinished")
    try:
        go = build(component, version, unfinished, report, env)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    built = Built(component.name, version, component.package, go, sha256_of(path), source)
    write_record(path, built)
    report(f"{component.name}: {version} is ready, sha256 {built.sha256}")
    return installed
