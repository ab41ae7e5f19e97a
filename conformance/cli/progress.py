"""What a person (or a program) sees while a run is going on: one fact a line."""

from __future__ import annotations

import sys

import click
import msgspec

from conformance.execution import useful_workers
from conformance.preparation import Prepared
from reports.model import Outcome

COLOURS = {"passed": "green", "failed": "red", "silently-ignored": "magenta", "error": "yellow"}


class Progress:
    """Called with each record as it is written; `total` is known when the plan is."""

    def __init__(self, workers: int, *, as_json: bool) -> None:
        self.total = 0
        self._workers = workers
        self._as_json = as_json
        self._done = 0

    def begin(self, prepared: Prepared) -> None:
        """The plan is made."""
        self.total = len(prepared.plan.ids)
        if self._as_json:
            return
        click.echo(_headline(prepared))
        useful = useful_workers(prepared, self._workers)
        if useful < self._workers:
            click.echo(f"-n {useful} instead of {self._workers}: there are no more checks")

    def __call__(self, record: Outcome) -> None:
        self._done += 1
        if self._as_json:
            click.echo(msgspec.json.encode(record).decode())
            return
        width = len(str(self.total))
        word = click.style(f"{record.outcome:<9}", fg=COLOURS.get(record.outcome))
        click.echo(
            f"[{self._done:>{width}}/{self.total}] {word} {record.requirement} "
            f"{record.duration:.2f}s{_because(record)}"
        )
        sys.stdout.flush()


def _because(record: Outcome) -> str:
    """On the same line, whatever line breaks it has."""
    return f"  {' '.join(record.message.split())[:160]}" if record.message else ""


def _headline(prepared: Prepared) -> str:
    header = prepared.header
    planned, excluded = len(prepared.plan.ids), len(prepared.plan.exclusions)
    return (
        f"{header.provider} on {header.cluster.backend} {header.cluster.version}: "
        f"{planned} requirements planned, {excluded} excluded, results in {prepared.folder}"
        f"{' [planted: ' + header.planted + ']' if header.planted else ''}"
    )
