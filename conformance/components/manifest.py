"""The components that can be built here: module, package and pinned versions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from conformance.errors import UnknownName, UsageError


class Component(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row of components.toml; `versions` are tags of `module`, newest first.

    With `source`, a folder of ours beside `conformance`, the program is our own and links `module`.
    """

    module: str
    package: str
    versions: tuple[str, ...]
    name: str = ""
    source: str = ""

    @property
    def pin(self) -> str:
        """The version that is taken when nobody asks for another."""
        return self.versions[0]


@cache
def components() -> Mapping[str, Component]:
    """Every component by name, in the order of the file."""
    text = resources.files("conformance").joinpath("components.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text).items()
    return {name: msgspec.convert(row | {"name": name}, Component) for name, row in rows}


def kubernetes_minors() -> Mapping[str, str]:
    """The selectable minors of Kubernetes (`1.37`) with their pinned versions, newest first."""
    versions = components()["kube-apiserver"].versions
    return {minor_of(version): version for version in versions}


def pinned_minor(wanted: str) -> str:
    """The minor that `--kubernetes` means; empty for the newest. Raises `UsageError`."""
    known = list(kubernetes_minors())
    if wanted and wanted not in known:
        listed = ", ".join(known)
        raise UsageError(f"--kubernetes {wanted}: not one of the pinned minors; known: {listed}")
    return wanted or known[0]


def minor_of(version: str) -> str:
    """`1.37` of `v1.37.2`."""
    return ".".join(version.removeprefix("v").split(".")[:2])


def find_component(name: str) -> tuple[Component, str]:
    """The component and version that `name` or `name@version` means. Raises `UnknownName`."""
    bare, _, version = name.partition("@")
    known = components()
    if bare not in known:
        raise UnknownName(f"unknown component {bare!r}; known: {', '.join(known)}")
    component = known[bare]
    wanted = version or component.pin
    if wanted not in component.versions:
        pins = ", ".join(component.versions)
        raise UnknownName(f"component {bare}: version {wanted!r} is not pinned; pinned: {pins}")
    return component, wanted
