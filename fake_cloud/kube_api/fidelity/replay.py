"""Replaying the steps on the embedded API, and comparing: `cloud-conformance fidelity`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fake_cloud.kube_api.fidelity import recordings
from fake_cloud.kube_api.fidelity.compare import Difference, compare
from fake_cloud.kube_api.fidelity.embedded_server import EmbeddedServer
from fake_cloud.kube_api.fidelity.listed import Listed, load_listed
from fake_cloud.kube_api.fidelity.normalise import SERVICE_RANGES, normalise
from fake_cloud.kube_api.fidelity.scenario import Exchange, SetupFailed, run
from fake_cloud.kube_api.fidelity.scores import Score
from fake_cloud.kube_api.fidelity.steps import Scenario, Step, Topic
from fake_cloud.kube_api.server import KubeApi


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


def replay(topic: Topic, minor: str, step: int = 0) -> list[Verdict]:
    """A verdict for each step of a topic, or for one. Raises `NotRecorded`."""
    recorded = recordings.read(topic, minor)
    listed = load_listed(minor)
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
