"""How a defect or a variant is written: one class that overrides one method of one part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias, TypeVar

from fake_cloud.blueprint import Blueprint

Plan: TypeAlias = type | Callable[[Blueprint], None]
"""A class that takes a part's place, or a function that changes the blueprint itself."""

P = TypeVar("P", bound=Plan)

MARK = "planted"


@dataclass(frozen=True, slots=True)
class Planted:
    """A `Defect`, or with no killers a `Variant`. `story` tells of the real bug or freedom."""

    id: str
    story: str
    killers: tuple[str, ...]
    plan: Plan

    def plant(self, parts: object) -> None:
        """Change the blueprint; raises TypeError for anything else."""
        if not isinstance(parts, Blueprint):
            raise TypeError(f"plant needs a Blueprint, not {type(parts).__name__}")
        if isinstance(self.plan, type):
            parts.use(self.plan)
        else:
            self.plan(parts)


def defect(*killers: str) -> Callable[[P], P]:
    """Marks a defect. Its id is the name in kebab case, its story the docstring.

    `killers` are ids of requirements that it must make fail, at least one.
    """
    if not killers:
        raise ValueError("a defect that nothing kills proves nothing; name its killers")
    return lambda plan: _mark(plan, killers)


def variant(plan: P) -> P:
    """Marks a variant, with id and story as for a defect."""
    return _mark(plan, ())


def _mark(plan: P, killers: tuple[str, ...]) -> P:
    story = " ".join((plan.__doc__ or "").split())
    if not story:
        raise ValueError(f"{plan.__name__} has no story; write it as the docstring")
    setattr(plan, MARK, Planted(_kebab(plan.__name__), story, killers, plan))
    return plan


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()


def registry(modules: Iterable[ModuleType]) -> Mapping[str, Planted]:
    """Everything marked in `modules`, by id; raises ValueError when two share one."""
    found: dict[str, Planted] = {}
    for module in modules:
        for value in vars(module).values():
            planted = vars(value).get(MARK) if callable(value) else None
            if not isinstance(planted, Planted) or value.__module__ != module.__name__:
                continue
            if planted.id in found:
                raise ValueError(f"two plans are named {planted.id!r}")
            found[planted.id] = planted
    return found
