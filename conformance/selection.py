"""Which requirements the operator asked for: the same words on the command line and in pytest.

Words of one kind widen (any of them), kinds narrow (all of them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Self

from conformance import capabilities as capability_list
from conformance.catalogue import Catalogue
from conformance.contracts.requirements import PROFILES, Level, Requirement
from conformance.errors import UnknownName, UsageError
from conformance.nearest import nearest


@dataclass(frozen=True, slots=True)
class Selection:
    """Empty fields select everything. `ids` are globs; `skip` maps a glob to the reason."""

    areas: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    skip: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        *,
        areas: Iterable[str] = (),
        ids: Iterable[str] = (),
        levels: Iterable[str] = (),
        profiles: Iterable[str] = (),
        capabilities: Iterable[str] = (),
        skip: Mapping[str, str] | None = None,
    ) -> Self:
        """Check every word against the catalogue.

        Raises `UnknownName` for a word that nobody knows or a glob that matches nothing, and
        `UsageError` when a skip has no reason or nothing is left.
        """
        skipped = dict(skip or {})
        selection = cls(
            _known("area", areas, catalogue.areas),
            _matching(ids, catalogue),
            _known("level", levels, [level.value for level in Level]),
            _known("profile", profiles, PROFILES),
            _known("capability", capabilities, capability_list.known()),
            skipped,
        )
        _matching(skipped, catalogue)
        for glob, reason in skipped.items():
            if not reason.strip():
                raise UsageError(f"skip {glob}: a reason is wanted, it stands in the run file")
        if not any(selection.matches(row) for row in catalogue.values()):
            raise UsageError(f"nothing selected: no requirement is {selection}; loosen one of them")
        return selection

    def matches(self, requirement: Requirement) -> bool:
        """Whether the operator asked for it; skipped ones are asked for, too."""
        return (
            _any(self.areas, requirement.area)
            and (not self.ids or any(fnmatchcase(requirement.id, glob) for glob in self.ids))
            and _any(self.levels, requirement.level.value)
            and (not self.profiles or bool(set(self.profiles) & set(requirement.profiles)))
            and _any(self.capabilities, requirement.capability)
        )

    def skip_reason(self, requirement: Requirement) -> str:
        """Why the operator excluded it; empty when not."""
        found = (why for glob, why in self.skip.items() if fnmatchcase(requirement.id, glob))
        return next(found, "")

    def __str__(self) -> str:
        kinds = {
            "area": self.areas,
            "id": self.ids,
            "level": self.levels,
            "profile": self.profiles,
            "capability": self.capabilities,
        }
        said = (f"{kind} {' or '.join(words)}" for kind, words in kinds.items() if words)
        return " and ".join(said) or "everything"


def _any(words: tuple[str, ...], word: str) -> bool:
    return not words or word in words


def _known(kind: str, words: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    wanted, names = tuple(words), list(known)
    for word in wanted:
        if word not in names:
            hint = nearest(word, names)
            raise UnknownName(f"unknown {kind} {word!r}{hint}; known: {', '.join(names)}")
    return wanted


def _matching(globs: Iterable[str], catalogue: Catalogue) -> tuple[str, ...]:
    wanted = tuple(globs)
    for glob in wanted:
        if not any(fnmatchcase(id_, glob) for id_ in catalogue):
            raise UnknownName(f"no requirement matches {glob!r}{nearest(glob, catalogue)}")
    return wanted
