"""`cloud-conformance explain`: what a requirement promises and how it is decided."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conformance.catalogue import Catalogue
    from conformance.contracts.proof import Defect


@click.command()
@click.argument("requirement_id", required=False)
@click.option("--all", "everything", is_flag=True, help="write a page for every requirement")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("docs/reference/requirements"),
    show_default=True,
    help="folder of the pages, with --all",
)
def explain(requirement_id: str | None, everything: bool, out: Path) -> None:
    """Tell what REQUIREMENT_ID promises, why, and how it is decided."""
    from conformance.catalogue import load
    from conformance.errors import UsageError
    from conformance.explain import explain as told
    from conformance.proof import planted_by_anybody
    from conformance.registry import find_areas

    catalogue = load(find_areas())
    plants = planted_by_anybody()
    defects = [defect for one in plants for defect in one.defects.values()]
    variants = [variant for one in plants for variant in one.variants.values()]
    if everything:
        _write_pages(catalogue, defects, out)
    elif requirement_id is None:
        raise UsageError("wanted a requirement or --all; `cloud-conformance list` has the ids")
    else:
        requirement = catalogue.find(requirement_id)
        click.echo(told(requirement, defects, variants))


def _write_pages(catalogue: Catalogue, defects: Iterable[Defect], out: Path) -> None:
    from conformance.reference import reference

    pages = reference(catalogue, defects)
    out.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (out / name).write_text(text, encoding="utf-8")
    click.echo(f"{len(pages)} pages in {out}")
