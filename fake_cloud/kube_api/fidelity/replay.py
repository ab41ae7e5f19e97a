"""Replay the steps on the embedded API and compare with the recordings.

    python -m fake_cloud.kube_api.fidelity.replay [--topic C] [--step 50] [--minor 1.37] [--save]

Prints one line a difference and the score of each topic; exit 1 when a verdict is not as listed.
`--save` keeps the scores of all topics beside the recordings.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import click

from fake_cloud.kube_api.fidelity import recordings
from fake_cloud.kube_api.fidelity.compare import Difference, compare
from fake_cloud.kube_api.fidelity.embedded_server import EmbeddedServer
from fake_cloud.kube_api.fidelity.listed import Listed, load_listed
from fake_cloud.kube_api.fidelity.normalise import SERVICE_RANGES, normalise
from fake_cloud.kube_api.fidelity.scenario import Exchange, SetupFailed, run
from fake_cloud.kube_api.fidelity.scores import Score, write_scores
from fake_cloud.kube_api.fidelity.steps import Scenario, Step, Topic, load_topics
from fake_cloud.kube_api.server import KubeApi

RECORDED_MINOR = "1.37"


class Outcome(StrEnum):
    """`later`: differs, and is listed. `stale`: is listed, and does not differ any more."""

    MATCH = "match"
    DIFFERS = "differs"
    LATER = "later"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one step compares. `reason` is the listed one."""

    step: Step
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    reason: str = ""

    @property
    def as_listed(self) -> bool:
        return self.outcome in (Outcome.MATCH, Outcome.LATER)


def replay(topic: Topic, minor: str = RECORDED_MINOR, step: int = 0) -> list[Verdict]:
    """A verdict for each step of a topic, or for one. Raises `NotRecorded`."""
    recorded = recordings.read(topic, minor)
    listed = load_listed()
    api = KubeApi(minor, service_ranges=SERVICE_RANGES)
    verdicts: list[Verdict] = []
    try:
        for scenario in topic.scenarios:
            if step in (0, *(known.step for known in scenario.steps)):
                seen = _answers(scenario, EmbeddedServer(api))
                verdicts += [
                    judge(known, recorded[known.step], seen[known.step], listed)
                    for known in scenario.steps
                ]
    finally:
        api.close()
    return [verdict for verdict in verdicts if step in (0, verdict.step.step)]


def _answers(scenario: Scenario, server: EmbeddedServer) -> dict[int, list[Exchange]]:
    try:
        return normalise(run(scenario, server))
    except SetupFailed as error:
        trouble = f"SetupFailed: {error}"
        return {
            step.step: [Exchange("setup", trouble=trouble) for _ in step.requests]
            for step in scenario.steps
        }


def judge(
    step: Step, recorded: list[Exchange], seen: list[Exchange], listed: Mapping[int, Listed]
) -> Verdict:
    """Compare one step and look up whether a difference is listed."""
    differences = tuple(compare(recorded, seen))
    entry = listed.get(step.step)
    reason = step.later or (entry.reason if entry else "")
    if not differences:
        return Verdict(step, Outcome.STALE if reason else Outcome.MATCH, reason=reason)
    excused = bool(reason)
    if entry is not None and entry.words:
        excused = all(difference.words_only for difference in differences)
    return Verdict(step, Outcome.LATER if excused else Outcome.DIFFERS, differences, reason)


def score(topic: Topic, verdicts: Iterable[Verdict]) -> Score:
    """Listed differences count against the score."""
    matched = sum(verdict.outcome in (Outcome.MATCH, Outcome.STALE) for verdict in verdicts)
    return Score(topic.topic, matched, len(topic.steps))


@click.command()
@click.option("--topic", "letters", multiple=True, help="letter of a topic; all without it")
@click.option("--step", default=0, help="number of one step")
@click.option("--minor", default=RECORDED_MINOR, show_default=True)
@click.option("--width", default=400, show_default=True, help="longest line")
@click.option("--save", is_flag=True, help="keep the scores beside the recordings")
def main(letters: tuple[str, ...], step: int, minor: str, width: int, save: bool) -> None:
    """Compare the embedded API with the recordings."""
    good, scores = True, []
    for topic in _wanted(letters, step):
        verdicts = replay(topic, minor, step)
        for line in (line for verdict in verdicts for line in _lines(verdict)):
            click.echo(line if len(line) <= width else line[: width - 3] + "...")
        if not step:
            scores.append(score(topic, verdicts))
            click.echo(f"{topic.topic} {scores[-1].matched}/{scores[-1].total} {topic.title}")
        good &= all(verdict.as_listed for verdict in verdicts)
    if save and not letters and not step:
        click.echo(write_scores(scores, minor))
    sys.exit(0 if good else 1)


def _wanted(letters: tuple[str, ...], step: int) -> list[Topic]:
    return [
        topic
        for topic in load_topics()
        if (not letters or topic.topic in letters)
        and (not step or step in (known.step for known in topic.steps))
    ]


def _lines(verdict: Verdict) -> list[str]:
    step = verdict.step
    if verdict.outcome is Outcome.DIFFERS:
        return [f"{step.step} {difference}" for difference in verdict.differences]
    if verdict.outcome is Outcome.STALE:
        return [f"{step.step} is listed ({verdict.reason}), but matches: strike it out"]
    return []


if __name__ == "__main__":
    main()
