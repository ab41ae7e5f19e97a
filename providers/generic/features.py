"""The features file: what a provider promises, in YAML, read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from conformance.api import UsageError, parse_yaml

NAME = r"^[a-z0-9][a-z0-9.-]{0,62}$"
"""What can stand in reports and in names of files."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping in which every key is known."""


class Known(Section, frozen=True, kw_only=True):
    """A failure that the maintainer knows of; `expires` is a date in quotes."""

    requirement: str
    expectation: str
    issue: str
    expires: str


class Timings(Section, frozen=True, kw_only=True):
    """Seconds, as `conformance.api.Timing` explains them; what is left out has its default."""

    node_monitor: float | msgspec.UnsetType = msgspec.UNSET
    node_addresses: float | msgspec.UnsetType = msgspec.UNSET
    node_reaction: float | msgspec.UnsetType = msgspec.UNSET
    budgets: dict[str, float] = {}


class Features(Section, frozen=True, kw_only=True):
    """`library`: the version of k8s.io/cloud-provider that the controller links. `nodes`: label
    selector of the nodes that it initializes, all without one."""

    name: Annotated[str, msgspec.Meta(pattern=NAME)]
    version: str = ""
    library: str = ""
    capabilities: list[str] = []
    timing: Timings = Timings()
    nodes: str = ""
    known_failures: list[Known] = []


def read_features(path: Path) -> Features:
    """Raises `UsageError` with the place of what is wrong."""
    try:
        document = parse_yaml(path.read_text(encoding="utf-8"))
        return msgspec.convert(document, Features)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        why = " ".join(str(error).split())
        raise UsageError(f"--features {path}: wanted a features file, saw: {why}") from error
