"""`cloud-conformance cluster up`: a cluster to look around in, until Ctrl-C."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

import click


@click.group()
def cluster() -> None:
    """Start a Kubernetes API of ours by hand."""


@cluster.command()
@click.option("--cluster", "backend", default="embedded", show_default=True, help="backend")
@click.option("--kubernetes", default="", help="Kubernetes minor, for example 1.37")
@click.option("--bin-dir", multiple=True, help="folder searched for programs before PATH")
def up(backend: str, kubernetes: str, bin_dir: tuple[str, ...]) -> None:
    """Start a cluster, print its kubeconfig, and end it on Ctrl-C."""
    from conformance.contracts.clusters import ClusterOptions
    from conformance.ledger import RunLedger
    from conformance.registry import find_cluster
    from conformance.standing import Standing

    options = ClusterOptions(kubernetes=kubernetes, bin_dirs=tuple(bin_dir))
    with tempfile.TemporaryDirectory(prefix="cpc-cluster-") as folder:
        place = Path(folder)
        parts = Standing(place, "cluster-up", RunLedger(place / "ledger.jsonl"))
        with find_cluster(backend).start(options, parts) as running:
            click.echo(f"Kubernetes {running.version} is ready. Ctrl-C ends it.")
            click.echo(f"export KUBECONFIG={running.kubeconfig}")
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            _until_interrupted()
    click.echo("ended")


def _until_interrupted() -> None:
    try:
        signal.pause()
    except KeyboardInterrupt:
        return
