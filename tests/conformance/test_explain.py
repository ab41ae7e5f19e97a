"""The text of a requirement tells everything that its row knows."""

from __future__ import annotations

import dataclasses

import pytest

from conformance.catalogue import Catalogue, load
from conformance.contracts.requirements import Area
from conformance.explain import explain


@dataclasses.dataclass
class Bug:
    id: str
    story: str
    killers: tuple[str, ...] = ()

    def plant(self, parts: object) -> None: ...


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([Area(name, "conformance") for name in ("node-initialization", "node-lifecycle")])


def test_it_names_what_it_kills_and_what_it_tolerates(catalogue: Catalogue) -> None:
    bugs = [
        Bug("d.one", "Takes errors for absence.", ("life.error.not-deleted",)),
        Bug("d.two", ""),
    ]
    text = explain(catalogue["life.error.not-deleted"], bugs, [Bug("v.batch", "")])
    assert "d.one: Takes errors for absence." in text
    assert "d.two" not in text
    assert "v.batch" in text


def test_it_tells_every_fact_of_the_row(catalogue: Catalogue) -> None:
    row = catalogue["node.init.additional-labels"]
    flat = " ".join(explain(row).split())
    facts = [row.title, row.story, row.decided_by, row.capability, "controller-library >=0.30"]
    for fact in [*facts, *row.sources, *row.rests_on, *row.needs]:
        assert " ".join(fact.split()) in flat


def test_a_row_without_a_check_says_why(catalogue: Catalogue) -> None:
    row = dataclasses.replace(catalogue["life.deleted.event"], planned="no simulator has it")
    assert "No check yet  no simulator has it" in explain(row)


def test_lines_fit_a_terminal(catalogue: Catalogue) -> None:
    long = [
        line
        for row in catalogue.values()
        for line in explain(row).splitlines()
        if len(line) > 100 and "://" not in line
    ]
    assert long == []
