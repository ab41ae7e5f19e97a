from __future__ import annotations

from pathlib import Path

from conformance.catalogue import load
from conformance.reference import reference
from conformance.registry import find_areas
from fake_cloud.defects import DEFECTS

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "requirements"


def test_the_committed_pages_are_those_of_the_catalogue() -> None:
    wanted = reference(load(find_areas()), DEFECTS.values())
    found = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    stale = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    assert not stale, "run `cloud-conformance explain --all` in the repository"


def test_every_requirement_has_a_page_that_says_why_and_what_it_kills() -> None:
    pages = reference(load(find_areas()), DEFECTS.values())
    for id_, text in pages.items():
        if id_ != "README.md":
            assert "## Why" in text
            assert "no defect known" not in text, id_
