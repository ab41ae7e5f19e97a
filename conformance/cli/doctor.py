"""`cloud-conformance doctor`: is the adapter as it says it is?"""

from __future__ import annotations

from typing import Any

import click

from conformance.cli.run import run_options
from conformance.request import request

COLOURS = {"ok": "green", "wrong": "red", "told": None}


@click.command()
@run_options
def doctor(**values: Any) -> int:
    """Try everything that an adapter declares, once, and undo it; exit 1 when something is wrong.

    Takes the options of `run`; those that choose requirements do not matter here.
    """
    from conformance.doctor import Word, examine

    wrong = 0
    for finding in examine(request(values)):
        wrong += finding.word is Word.WRONG
        word = click.style(f"{finding.word:<6}", fg=COLOURS[finding.word])
        detail = f": {finding.detail}" if finding.detail else ""
        click.echo(f"{word} {finding.part:<11} {finding.what}{detail}")
    click.echo(f"{wrong} wrong" if wrong else "the adapter is as it declares itself to be")
    return 1 if wrong else 0
