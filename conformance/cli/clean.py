"""`cloud-conformance clean`: remove what a run left behind, from its ledger alone."""

from __future__ import annotations

import os

import click


@click.command()
@click.option("--report-dir", default="", metavar="DIR", help="results folder of the run")
@click.option("--run-id", default="", metavar="ID", help="only this run")
@click.option("--force", is_flag=True, help="end runs that are still going on, and clean them too")
def clean(report_dir: str, run_id: str, force: bool) -> int:
    """End processes and remove objects, cloud resources and folders that a run left behind."""
    from conformance.cleaning import clean as remove_all
    from conformance.request import report_folder

    folder = report_folder(report_dir, os.environ)
    removals = remove_all(folder, run_id, force=force)
    for removal in removals:
        state = f"left: {removal.why}" if removal.why else "removed"
        click.echo(f"{removal.run_id} {removal.kind} {removal.name}: {state}")
    left = sum(bool(removal.why) for removal in removals)
    click.echo(f"{len(removals) - left} removed, {left} left (by the ledgers in {folder})")
    return 3 if left else 0
