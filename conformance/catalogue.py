"""The catalogue: every requirement of every area, read strictly from YAML.

A catalogue that loads is consistent: words are known, ids are unique, premises exist and do not run
in a circle. Everything else is refused with the file and the id.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import msgspec
import yaml

from conformance import capabilities, strict_yaml
from conformance.contracts.journal import Fault
from conformance.contracts.providers import BUDGETS
from conformance.contracts.requirements import Area, Level, Need, Requirement
from conformance.errors import CatalogueInvalid, UnknownName
from conformance.nearest import nearest

ID = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
FIELDS = frozenset(field.name for field in dataclasses.fields(Requirement)) - {"area", "subject"}
FILE_FIELDS = frozenset({"area", "subject", "requirements"})


class Catalogue(Mapping[str, Requirement]):
    """Requirements by id, in the order of the files."""

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self._rows = MappingProxyType({row.id: row for row in requirements})
        self._order = tuple(_premises_first(self._rows))

    def __getitem__(self, id_: str) -> Requirement:
        return self._rows[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def areas(self) -> tuple[str, ...]:
        """Names of the areas that have requirements, in order."""
        return tuple(dict.fromkeys(row.area for row in self._rows.values()))

    def find(self, id_: str) -> Requirement:
        """Raises `UnknownName` with the nearest id."""
        if id_ not in self._rows:
            raise UnknownName(f"unknown requirement {id_!r}{nearest(id_, self._rows)}")
        return self._rows[id_]

    def ordered(self, ids: Iterable[str]) -> tuple[str, ...]:
        """These ids in the order of a run: premises first, then as the files say."""
        wanted = set(ids)
        return tuple(id_ for id_ in self._order if id_ in wanted)


def load(areas: Iterable[Area]) -> Catalogue:
    """Read every area's file. Raises `CatalogueInvalid`."""
    rows: dict[str, Requirement] = {}
    origin: dict[str, str] = {}
    for area in areas:
        path = _path(area)
        for row in _read(path, area):
            if row.id in rows:
                raise CatalogueInvalid(f"{path} {row.id}: this id is also in {origin[row.id]}")
            rows[row.id], origin[row.id] = row, str(path)
    for row in rows.values():
        for premise in row.rests_on:
            if premise not in rows:
                raise CatalogueInvalid(
                    f"{origin[row.id]} {row.id}: rests_on names {premise!r}, which no area has"
                    f"{nearest(premise, rows)}"
                )
    return Catalogue(rows.values())


def _path(area: Area) -> Traversable:
    if not area.catalogue:
        return files("conformance").joinpath("requirements", f"{area.name}.yaml")
    try:
        return files(area.package).joinpath(area.catalogue)
    except ModuleNotFoundError as error:
        raise CatalogueInvalid(
            f"area {area.name}: its package {area.package!r} cannot be imported: {error}"
        ) from error


def _read(path: Traversable, area: Area) -> Iterator[Requirement]:
    try:
        document = strict_yaml.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
        raise CatalogueInvalid(
            f"{path}: catalogue of area {area.name} unreadable: {why}"
        ) from error
    _refuse_unknown(str(path), document, FILE_FIELDS)
    if document.get("area") != area.name:
        raise CatalogueInvalid(f"{path}: wanted area {area.name!r}, saw {document.get('area')!r}")
    for number, raw in enumerate(document.get("requirements") or (), start=1):
        row = _row(f"{path} requirement {number}", raw, document)
        _check_words(f"{path} {row.id}", row)
        yield row


def _row(where: str, raw: Any, document: Mapping[str, Any]) -> Requirement:
    if isinstance(raw, dict) and raw.get("id"):
        where = f"{where} ({raw['id']})"
    _refuse_unknown(where, raw, FIELDS)
    try:
        return msgspec.convert(
            {**raw, "area": document["area"], "subject": document.get("subject")}, Requirement
        )
    except msgspec.ValidationError as error:
        raise CatalogueInvalid(f"{where}: {error}") from error


def _refuse_unknown(where: str, raw: Any, known: frozenset[str]) -> None:
    if not isinstance(raw, dict):
        raise CatalogueInvalid(f"{where}: wanted a mapping, saw {type(raw).__name__}")
    for field in raw:
        if field not in known:
            hint = nearest(str(field), known)
            raise CatalogueInvalid(f"{where}: unknown field {field!r}{hint}")


def _check_words(where: str, row: Requirement) -> None:
    broken = next((why for why in _broken_rules(row) if why), "")
    if broken:
        raise CatalogueInvalid(f"{where}: {broken}")


def _broken_rules(row: Requirement) -> Iterator[str]:
    yield "" if ID.fullmatch(row.id) else "an id is lower-case words with dots between them"
    yield _unknown("capability", row.capability, capabilities.known())
    yield _unknown("deadline", row.deadline, BUDGETS)
    for fault in sorted(row.faults):
        yield _unknown("fault", fault, frozenset(Fault))
    if row.level is Level.OPTIONAL and not row.capability:
        yield "an optional requirement needs a capability"
    if row.refusable and not row.capability:
        yield "only a requirement with a capability can be refused"
    if bool(row.faults) != (Need.DISTURB in row.needs):
        yield "faults and the need `disturb` go together"


def _unknown(what: str, word: str, known: Iterable[str]) -> str:
    if not word or word in known:
        return ""
    return f"unknown {what} {word!r}{nearest(word, known)}"


def _premises_first(rows: Mapping[str, Requirement]) -> Iterator[str]:
    done: set[str] = set()

    def visit(id_: str, path: tuple[str, ...]) -> Iterator[str]:
        if id_ in path:
            circle = " -> ".join((*path[path.index(id_) :], id_))
            raise CatalogueInvalid(f"{rows[id_].area} {id_}: rests_on runs in a circle: {circle}")
        if id_ in done or id_ not in rows:
            return
        for premise in rows[id_].rests_on:
            yield from visit(premise, (*path, id_))
        done.add(id_)
        yield id_

    for id_ in rows:
        yield from visit(id_, ())
