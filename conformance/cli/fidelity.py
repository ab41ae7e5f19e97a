"""`cloud-conformance fidelity`: how true the embedded API is to kube-apiserver."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fake_cloud.kube_api.fidelity.replay import Verdict
    from fake_cloud.kube_api.fidelity.scores import Score
    from fake_cloud.kube_api.fidelity.steps import Topic

CONTROLLERS = (
    "garbage-collector-controller",
    "namespace-controller",
    "serviceaccount-controller",
    "clusterrole-aggregation-controller",
)
"""Those that steps wait for; other controllers would write into the objects of steps."""


@click.command()
@click.option("--minor", "minors", multiple=True, help="Kubernetes minor; all recorded without it")
@click.option("--topic", "letters", multiple=True, help="letter of a topic; all without it")
@click.option("--step", type=int, default=0, help="only this step, with everything that differs")
@click.option("--save", is_flag=True, help="keep the scores that run files state")
@click.option("--record", "again", is_flag=True, help="record on kube-apiserver first (needs it)")
@click.option("--bin-dir", multiple=True, help="folder searched for programs before PATH")
def fidelity(
    minors: tuple[str, ...],
    letters: tuple[str, ...],
    step: int,
    save: bool,
    again: bool,
    bin_dir: tuple[str, ...],
) -> int:
    """Replay recorded steps on the embedded API; exit 1 when a difference is not listed."""
    from conformance.components.manifest import pinned_minor
    from fake_cloud.kube_api.fidelity.recordings import recorded_minors

    wanted = [pinned_minor(minor) for minor in minors] or recorded_minors()
    topics = _topics(letters, step)
    if again:
        for minor in wanted:
            _record(topics, minor, bin_dir)
    found = _replay(topics, wanted, step)
    if step:
        _show_step(found)
    else:
        _show_scores(topics, found)
    if save and not letters and not step:
        _save(topics, found)
    judged = [v for of_minor in found.values() for verdicts in of_minor.values() for v in verdicts]
    return 0 if all(verdict.as_listed for verdict in judged) else 1


Found = Mapping[str, Mapping[str, "list[Verdict]"]]
"""Verdicts by minor and letter of a topic."""


def _topics(letters: Sequence[str], step: int) -> list[Topic]:
    """Raises `UnknownName` for a letter or step that no topic has."""
    from conformance.errors import UnknownName
    from fake_cloud.kube_api.fidelity.steps import load_topics

    known = load_topics()
    unknown = sorted(set(letters) - {topic.topic for topic in known})
    if unknown:
        listed = ", ".join(f"{topic.topic} ({topic.title})" for topic in known)
        raise UnknownName(f"--topic {unknown[0]}: no such topic; known: {listed}")
    wanted = [topic for topic in known if not letters or topic.topic in letters]
    if step:
        wanted = [topic for topic in wanted if step in (one.step for one in topic.steps)]
        if not wanted:
            raise UnknownName(f"--step {step}: no topic has this step")
    return wanted


def _record(topics: Sequence[Topic], minor: str, bin_dirs: Sequence[str]) -> None:
    """Each on a new API server of this minor: what a topic leaves behind shows in discovery.

    Raises `ProgramMissing` and `ProgramFailed`.
    """
    from conformance.clusters.binaries import BinariesBackend
    from conformance.contracts.clusters import ClusterOptions
    from conformance.ledger import RunLedger
    from conformance.standing import Standing
    from fake_cloud.kube_api.authorization.bootstrap_policy import record_policy
    from fake_cloud.kube_api.fidelity import recordings
    from fake_cloud.kube_api.fidelity.http_server import HttpServer
    from fake_cloud.kube_api.fidelity.record import APISERVER_FLAGS, record

    backend = BinariesBackend(CONTROLLERS, APISERVER_FLAGS)
    options = ClusterOptions(kubernetes=minor, bin_dirs=tuple(bin_dirs))
    for topic in topics:
        with tempfile.TemporaryDirectory(prefix="cpc-record-") as folder:
            parts = Standing(Path(folder), "record", RunLedger(Path(folder) / "ledger.jsonl"))
            with backend.start(options, parts) as cluster:
                record_policy(cluster.kube, minor)
                server = HttpServer(cluster.kubeconfig, cluster.kubeconfig_for)
                path = recordings.write(topic, minor, record(topic, server))
                click.echo(f"recorded {topic.topic} on {cluster.version}: {path}")


def _replay(topics: Sequence[Topic], minors: Sequence[str], step: int) -> Found:
    """Side by side, since most of a replay is waiting and every topic has a server of its own."""
    from conformance.errors import UsageError
    from fake_cloud.kube_api.fidelity.recordings import NotRecorded
    from fake_cloud.kube_api.fidelity.replay import replay

    with ThreadPoolExecutor(SIDE_BY_SIDE, "replay") as pool:
        begun = {
            minor: {topic.topic: pool.submit(replay, topic, minor, step) for topic in topics}
            for minor in minors
        }
    try:
        return {
            minor: {letter: one.result() for letter, one in of_minor.items()}
            for minor, of_minor in begun.items()
        }
    except NotRecorded as error:
        raise UsageError(f"{error} (--record)") from error


SIDE_BY_SIDE = 6
"""Topics that are replayed at once: more would wait for the processor, not for time."""


def _scores(topics: Sequence[Topic], verdicts: Mapping[str, list[Verdict]]) -> list[Score]:
    from fake_cloud.kube_api.fidelity.replay import score

    return [score(topic, verdicts[topic.topic]) for topic in topics]


def _save(topics: Sequence[Topic], found: Found) -> None:
    from fake_cloud.kube_api.fidelity.scores import write_scores

    for minor, verdicts in found.items():
        click.echo(f"kept in {write_scores(_scores(topics, verdicts), minor)}")


def _show_scores(topics: Sequence[Topic], found: Found) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("topic", "", *found, box=box.SIMPLE_HEAD)
    scores = {minor: _scores(topics, verdicts) for minor, verdicts in found.items()}
    for index, topic in enumerate(topics):
        row = [f"{of[index].matched}/{of[index].total}" for of in scores.values()]
        table.add_row(topic.topic, topic.title, *row)
    totals = [(sum(s.matched for s in of), sum(s.total for s in of)) for of in scores.values()]
    table.add_section()
    table.add_row("all", "", *(f"{matched}/{total}" for matched, total in totals))
    table.add_row("", "", *(f"{100 * matched / total:.1f} %" for matched, total in totals))
    Console(width=max(WIDTH // 2, Console().width)).print(table)
    for minor, verdicts in found.items():
        for line in (line for of_topic in verdicts.values() for line in _differing(of_topic)):
            click.echo(f"{minor} {line}")


def _differing(verdicts: Sequence[Verdict]) -> list[str]:
    """One line for each step that is not answered alike, and for each that is listed in vain."""
    return [
        f"{v.step.step} {v.outcome}: {v.reason.strip() or v.differences[0]}"[:WIDTH]
        for v in verdicts
        if v.outcome != "match"
    ]


WIDTH = 200
"""Longest line about a difference; `--step` shows everything."""


def _show_step(found: Found) -> None:
    for minor, verdicts in found.items():
        for verdict in (verdict for of_topic in verdicts.values() for verdict in of_topic):
            click.echo(f"{minor} step {verdict.step.step} ({verdict.step.says}): {verdict.outcome}")
            for difference in verdict.differences:
                click.echo(f"  {difference}")
