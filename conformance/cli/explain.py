"""`cloud-conformance explain ID`: what a requirement promises and how it is decided."""

from __future__ import annotations

import click


@click.command()
@click.argument("requirement_id")
def explain(requirement_id: str) -> None:
    """Tell what REQUIREMENT_ID promises, why, and how it is decided."""
    from conformance.catalogue import load
    from conformance.errors import UnknownName
    from conformance.explain import explain as told
    from conformance.nearest import nearest
    from conformance.proof import planted_by
    from conformance.registry import find_areas

    catalogue = load(find_areas())
    if requirement_id not in catalogue:
        raise UnknownName(
            f"unknown requirement {requirement_id!r}{nearest(requirement_id, catalogue)}"
        )
    defects, variants = planted_by("fake")
    click.echo(told(catalogue[requirement_id], defects.values(), variants.values()))
