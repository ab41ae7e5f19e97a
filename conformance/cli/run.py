"""`cloud-conformance run`: from options to a verdict and its report."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from conformance.errors import UsageError
from conformance.options import OPTIONS, Option
from conformance.request import request


def _click_option(option: Option) -> Callable[[Any], Any]:
    flags = [f"--{option.name}", option.field]
    if option.kind == "flag":
        return click.option(*flags, is_flag=True, help=option.help)
    settings: dict[str, Any] = {"metavar": option.metavar, "help": option.help}
    if option.kind == "list":
        settings["multiple"] = True
    else:
        settings |= {"default": option.default or None, "show_default": bool(option.default)}
    if option.kind == "number":
        settings["type"] = float
    return click.option(*flags, **settings)


def run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Every option of `conformance.options.OPTIONS`."""
    for option in reversed(OPTIONS):
        function = _click_option(option)(function)
    return function


@click.command()
@run_options
@click.option("-n", "--workers", default=0, show_default=True, help="parallel worker processes")
@click.option("--json", "as_json", is_flag=True, help="one JSON record a line on standard output")
@click.option(
    "--require-claim",
    type=click.Choice(["conformant"]),
    help="also fail unless every profile of the plan reads so",
)
def run(workers: int, as_json: bool, require_claim: str | None, **values: Any) -> int:
    """Run every requirement that the adapter and the cluster allow, and write the report."""
    from conformance.cli.progress import Progress
    from conformance.execution import execute
    from conformance.ledger import ledger_files
    from reports.claims import AS_EXPECTED, BROKEN, claims, exit_code
    from reports.reading import read_run
    from reports.writers.all_formats import write_reports
    from reports.writers.terminal import print_run

    if not values["provider"]:
        raise UsageError(
            "wanted --provider NAME, saw none; `cloud-conformance providers` lists them"
        )
    asked = request(values)
    progress = Progress(as_json=as_json)
    executed = execute(asked, workers, progress.begin, progress)
    run_file = executed.run_file
    write_reports(run_file, run_file.parent)
    finished = read_run(run_file)
    if not as_json:
        print_run(finished)
        click.echo(f"Run file: {shown_path(run_file)}")
        click.echo(f"Page: {shown_path(run_file.parent / 'index.html')}")
    if asked.run_id in ledger_files(run_file.parent):
        click.echo(
            "Something that the run made is still there: `cloud-conformance clean`", err=True
        )
    for trouble in executed.troubles:
        click.echo(f"error: {trouble}", err=True)
    code = exit_code(finished) or (BROKEN if executed.troubles else AS_EXPECTED)
    if code == 0 and require_claim:
        code = 0 if all(claim.word == require_claim for claim in claims(finished)) else 1
    return int(code)


def shown_path(path: Path) -> str:
    """Relative to the working directory where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)
