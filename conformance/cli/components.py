"""`cloud-conformance components`: real programs, built with the user's own Go."""

from __future__ import annotations

import click


@click.group()
def components() -> None:
    """Real programs that are published as Go modules: what there is, and how to get it."""


@components.command("list")
def list_() -> None:
    """List components with their pinned versions and where they are installed."""
    from conformance.components import list_components

    for component in list_components():
        click.echo(str(component))


@components.command()
@click.argument("names", nargs=-1, required=True)
def install(names: tuple[str, ...]) -> None:
    """Build and install components by NAME into the cache folder."""
    from conformance.components import install_components

    for installed in install_components(names, report=click.echo):
        click.echo(f"{installed.name} {installed.version} {installed.path}")
