"""The closed list of capabilities: the optional features that a provider can declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

from conformance import strict_yaml
from conformance.contracts.requirements import Capability
from conformance.errors import ProviderMisdeclared
from conformance.nearest import nearest


@cache
def known() -> Mapping[str, Capability]:
    """Every capability by id, in the order of the file."""
    text = files("conformance").joinpath("requirements", "capabilities.yaml").read_text("utf-8")
    rows = msgspec.convert(strict_yaml.parse(text), list[Capability])
    return MappingProxyType({row.id: row for row in rows})


def check_declared(declared: Iterable[str]) -> None:
    """Raise `ProviderMisdeclared` for names that nobody knows, each with the nearest one."""
    unknown = sorted(name for name in declared if name not in known())
    if unknown:
        named = ", ".join(f"{name!r}{nearest(name, known())}" for name in unknown)
        raise ProviderMisdeclared(
            f"unknown capability {named}; `cloud-conformance list --capabilities` names all"
        )
