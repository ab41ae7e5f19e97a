"""`cloud-conformance compare`: two runs of one subject must come to the same verdicts."""

from __future__ import annotations

from pathlib import Path

import click

RUN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("first", type=RUN_FILE)
@click.argument("second", type=RUN_FILE)
def compare(first: Path, second: Path) -> int:
    """Read two run files and print each requirement that they judge differently.

    Exit code 0: the same verdicts; 1: other ones; 2: a file that cannot be read as a whole run.
    """
    from reports.comparison import other_verdicts
    from reports.reading import RunFileRefused, read_run

    runs = []
    for path in (first, second):
        try:
            runs.append(read_run(path))
        except RunFileRefused as error:
            click.echo(f"error: {path}: {error}", err=True)
            return 2
    found = other_verdicts(*runs)
    for one in found:
        click.echo(str(one))
    names = " and ".join(run.header.cluster.backend for run in runs)
    click.echo(f"{names}: {len(found)} of {len(runs[0].outcomes)} verdicts differ")
    return 1 if found else 0
