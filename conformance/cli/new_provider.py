"""`cloud-conformance new-provider NAME`: a package to start from."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new-provider")
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="where the package is written [default: NAME-conformance]",
)
def new_provider(name: str, folder: Path | None) -> None:
    """Generate the package of a provider adapter: adapter, tests, and jobs for CI."""
    from conformance.new_provider import generate_package

    target = folder or Path(f"{name}-conformance")
    for path in generate_package(name, target):
        click.echo(str(path))
    click.echo(f"next: pip install --editable {target}")
    click.echo(f"      cloud-conformance doctor --provider {name}")
