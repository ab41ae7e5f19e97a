"""Record the steps on a real API server.

    python -m fake_cloud.kube_api.fidelity.record --kubeconfig FILE --minor 1.37 [--topic C]

The server must be new, since names are fixed. It runs with `--authorization-mode=RBAC`,
`--disable-admission-plugins=ServiceAccount`, `--service-cluster-ip-range` as in `normalise`, and
an `--etcd-compaction-interval` of seconds, for steps that wait until history is gone. Beside it
runs kube-controller-manager with the garbage collector and the namespace controller alone:
others would write into the objects that steps look at.
"""

from __future__ import annotations

from pathlib import Path

import click

from fake_cloud.kube_api.fidelity import recordings
from fake_cloud.kube_api.fidelity.http_server import HttpServer
from fake_cloud.kube_api.fidelity.normalise import normalise
from fake_cloud.kube_api.fidelity.scenario import Exchange, run
from fake_cloud.kube_api.fidelity.servers import Server
from fake_cloud.kube_api.fidelity.steps import Scenario, Topic, load_topics


class NotAnswered(Exception):
    """A step got no answer that could be recorded."""


def record(topic: Topic, server: Server) -> dict[int, list[Exchange]]:
    """The normalised exchanges of each step. Raises `NotAnswered` and `SetupFailed`."""
    recorded: dict[int, list[Exchange]] = {}
    for scenario in topic.scenarios:
        steps = run(scenario, server)
        for number, exchanges in steps.items():
            _refuse_trouble(scenario, number, exchanges)
        recorded |= normalise(steps)
    return recorded


def _refuse_trouble(scenario: Scenario, number: int, exchanges: list[Exchange]) -> None:
    for exchange in exchanges:
        if exchange.trouble:
            needs = f"; is {scenario.needs} running?" if scenario.needs else ""
            seen = f" {exchange.events}" if exchange.events else ""
            where = f"step {number}, {exchange.request}"
            raise NotAnswered(f"{where}: {exchange.trouble}{seen}{needs}")


@click.command()
@click.option("--kubeconfig", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--minor", required=True, help="of the server, such as 1.37")
@click.option("--topic", "letters", multiple=True, help="letter of a topic; all without it")
@click.option("--folder", type=click.Path(path_type=Path), default=recordings.FOLDER)
def main(kubeconfig: Path, minor: str, letters: tuple[str, ...], folder: Path) -> None:
    """Record topics on the current context of a kubeconfig."""
    server = HttpServer(kubeconfig)
    for topic in load_topics():
        if not letters or topic.topic in letters:
            path = recordings.write(topic, minor, record(topic, server), folder)
            click.echo(f"{topic.topic} {len(topic.steps)} steps {path}")


if __name__ == "__main__":
    main()
