"""`cloud-conformance report`: every format again from a run file, complete or cut."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("run_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="accept a file without a footer")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="folder of results")
def report(run_file: Path, partial: bool, out: Path | None) -> int:
    """Read RUN_FILE, refuse what is wrong, print the verdict and write every other format."""
    from reports.claims import BROKEN, exit_code
    from reports.reading import RunFileRefused, read_run
    from reports.writers.all_formats import ReportsMissing, write_reports
    from reports.writers.terminal import print_run

    try:
        run = read_run(run_file, partial=partial)
    except RunFileRefused as error:
        click.echo(f"error: {run_file}: {error}", err=True)
        return 2
    print_run(run)
    code = int(exit_code(run))
    folder = out or run_file.parent
    try:
        write_reports(run_file, folder, partial=partial)
    except ReportsMissing as error:
        for trouble in error.troubles:
            click.echo(f"error: {trouble}", err=True)
        code = code or BROKEN
    if (folder / "index.html").exists():
        click.echo(f"Page: {folder / 'index.html'}")
    return code
