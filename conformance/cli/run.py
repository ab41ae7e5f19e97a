"""`cloud-conformance run`: from options to a verdict and its report."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.options import OPTIONS, Option
from conformance.request import Request, request

if TYPE_CHECKING:
    from conformance.execution import Executed


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
@click.option(
    "-n",
    "--workers",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="parallel worker processes",
)
@click.option("--json", "as_json", is_flag=True, help="one JSON record a line on standard output")
@click.option(
    "--require-claim",
    type=click.Choice(["conformant"]),
    help="also fail unless every profile that was asked for reads so",
)
def run(workers: int, as_json: bool, require_claim: str | None, **values: Any) -> int:
    """Run every requirement that the adapter and the cluster allow, and write the report."""
    from conformance.plugin.import_names import guard_import_names

    guard_import_names()
    from conformance.cli.progress import Progress
    from conformance.execution import execute

    asked = request(values)
    progress = Progress(workers, as_json=as_json)
    executed = execute(asked, workers, progress.begin, progress)
    _subtract(executed, asked)
    return _tell(executed, asked, require_claim, as_json=as_json)


def _subtract(executed: Executed, asked: Request) -> None:
    """Said on standard error: what the run is about stands on standard output."""
    from conformance.cli.subtraction import subtract

    try:
        told = "" if executed.cut else subtract(executed.run_file, asked)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not hide the verdict
        told = f"Upstream subtraction: none, because of {type(error).__name__}: {error}"
    if told:
        click.echo(told, err=True)


def _tell(executed: Executed, asked: Request, require_claim: str | None, *, as_json: bool) -> int:
    """The verdict first: whatever fails after it must not hide it."""
    from reports.claims import AS_EXPECTED, BROKEN, claim, claims, exit_code
    from reports.reading import read_run
    from reports.writers.terminal import print_run

    finished = read_run(executed.run_file, partial=executed.cut)
    told = [claim(finished, name) for name in asked.profile] or claims(finished)
    if not as_json:
        print_run(finished, told=told)
        click.echo(f"Run file: {shown_path(executed.run_file)}")
    troubles = [*executed.troubles, *_write_reports(executed, quiet=as_json)]
    _tell_what_is_left(executed.run_file.parent, asked.run_id)
    for trouble in troubles:
        click.echo(f"error: {' '.join(trouble.split())}", err=True)
    if executed.cut:
        return BROKEN
    code = exit_code(finished) or (BROKEN if troubles else AS_EXPECTED)
    if code == AS_EXPECTED and require_claim:
        code = int(not all(one.word == require_claim for one in told))
    return int(code)


def _write_reports(executed: Executed, *, quiet: bool) -> tuple[str, ...]:
    """Write every other format; returns what went wrong."""
    from reports.writers.all_formats import ReportsMissing, write_reports

    folder = executed.run_file.parent
    troubles: tuple[str, ...] = ()
    try:
        write_reports(executed.run_file, folder, partial=executed.cut)
    except ReportsMissing as error:
        troubles = error.troubles
    page = folder / "index.html"
    if not quiet and page.exists():
        click.echo(f"Page: {shown_path(page)}")
    return troubles


def _tell_what_is_left(folder: Path, run_id: str) -> None:
    from conformance.ledger import ledger_files

    if run_id in ledger_files(folder):
        click.echo(
            "Something that the run made is still there: `cloud-conformance clean`", err=True
        )


def shown_path(path: Path) -> str:
    """Relative to the working directory where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)
