"""Planted bugs that checks must notice, and lawful freedoms that no check may punish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


class Planted(Protocol):
    """Both kinds: an id and a story, planted by replacing a collaborator at construction."""

    @property
    def id(self) -> str: ...

    @property
    def story(self) -> str: ...

    def plant(self, parts: object) -> None:
        """Change the blueprint of the subject before anything of it is built."""
        ...


class Defect(Planted, Protocol):
    """A planted bug; `killers` are the requirement ids that must be refuted by it."""

    @property
    def killers(self) -> tuple[str, ...]: ...


class Variant(Planted, Protocol):
    """A lawful freedom: every check passes on it."""


@runtime_checkable
class Plants(Protocol):
    """What a provider whose subject is its own may also have: what can be planted in it, by id.

    `canary` names the defect that must die, or nothing about the others can be believed.
    """

    @property
    def canary(self) -> str: ...

    @property
    def defects(self) -> Mapping[str, Defect]: ...

    @property
    def variants(self) -> Mapping[str, Variant]: ...
