"""`cloud-conformance list` and `providers`: what there is to run, and against what."""

from __future__ import annotations

import json
from typing import Any

import click

from conformance.contracts.requirements import Requirement
from conformance.errors import ConformanceError


@click.command("list")
@click.option("--area", multiple=True, help="only this area")
@click.option("--level", multiple=True, help="only this level")
@click.option("--profile", multiple=True, help="only requirements of this profile")
@click.option("--capability", multiple=True, help="only requirements of this capability")
@click.option("--capabilities", is_flag=True, help="the capabilities instead")
@click.option("--json", "as_json", is_flag=True, help="machine-readable")
def list_requirements(
    area: tuple[str, ...],
    level: tuple[str, ...],
    profile: tuple[str, ...],
    capability: tuple[str, ...],
    capabilities: bool,
    as_json: bool,
) -> None:
    """List the requirements of the catalogue."""
    if capabilities:
        _list_capabilities(as_json=as_json)
        return
    from conformance.catalogue import load
    from conformance.registry import find_areas
    from conformance.selection import Selection

    catalogue = load(find_areas())
    selection = Selection.of(
        catalogue, areas=area, levels=level, profiles=profile, capabilities=capability
    )
    chosen = [row for row in catalogue.values() if selection.matches(row)]
    if as_json:
        click.echo(json.dumps([_as_json(row) for row in chosen], indent=1))
        return
    for row in chosen:
        state = "  (planned)" if row.planned else ""
        click.echo(f"{row.id:<44} {row.level:<12} {row.title}{state}")
    click.echo(f"{len(chosen)} requirements")


def _as_json(row: Requirement) -> dict[str, object]:
    return {
        "id": row.id,
        "title": row.title,
        "area": row.area,
        "level": row.level,
        "needs": sorted(row.needs),
        "profiles": row.profiles,
        "capability": row.capability,
        "planned": row.planned,
    }


def _list_capabilities(*, as_json: bool) -> None:
    import msgspec

    from conformance.capabilities import known

    rows = list(known().values())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=1))
        return
    for row in rows:
        click.echo(f"{row.id:<20} {row.level:<12} {row.sentence}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="machine-readable")
def providers(as_json: bool) -> None:
    """List the registered provider adapters and what they declare."""
    from conformance.contracts.providers import DescribedByOptions
    from conformance.registry import find_provider, provider_names

    rows: list[dict[str, Any]] = []
    for name in provider_names():
        try:
            provider, distribution = find_provider(name)
            row: dict[str, Any] = {"name": name, "package": distribution}
            if not isinstance(provider, DescribedByOptions):
                row["capabilities"] = sorted(provider.capabilities)
            rows.append(row)
        except ConformanceError as error:
            rows.append({"name": name, "error": str(error)})
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        declared = ", ".join(row.get("capabilities", ("as its program or file says",))) or "none"
        told = f"broken: {row['error']}" if "error" in row else f"capabilities: {declared}"
        click.echo(f"{row['name']:<16} {row.get('package', ''):<32} {told}")
