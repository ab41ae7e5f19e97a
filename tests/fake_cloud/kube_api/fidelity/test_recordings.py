"""The embedded API against the recordings of a real one, topic by topic."""

from __future__ import annotations

import pytest

from fake_cloud.kube_api.fidelity.listed import load_listed
from fake_cloud.kube_api.fidelity.recordings import recorded_minors
from fake_cloud.kube_api.fidelity.replay import Verdict, replay, score
from fake_cloud.kube_api.fidelity.scores import read_scores
from fake_cloud.kube_api.fidelity.steps import Topic, load_topics

TOPICS = load_topics()
NUMBERS = {
    "A": range(1, 19),
    "B": range(19, 33),
    "C": range(33, 67),
    "D": range(67, 83),
    "E": range(83, 101),
    "F": range(101, 119),
    "G": range(119, 137),
    "H": range(137, 159),
    "I": range(159, 183),
    "J": range(183, 193),
    "K": range(193, 211),
    "L": range(211, 223),
    "M": range(223, 237),
    "N": range(237, 269),
    "O": range(301, 326),
}


def described(verdict: Verdict) -> str:
    differences = "\n  ".join(str(difference)[:600] for difference in verdict.differences)
    listed = f" (listed: {verdict.reason})" if verdict.reason else ""
    return (
        f"step {verdict.step.step} {verdict.outcome}{listed}: {verdict.step.says}\n  {differences}"
    )


@pytest.mark.parametrize("minor", recorded_minors())
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.file)
def test_embedded_api_answers_as_recorded(topic: Topic, minor: str) -> None:
    verdicts = replay(topic, minor)
    surprises = [described(verdict) for verdict in verdicts if not verdict.as_listed]
    assert not surprises, "\n".join(surprises)
    kept = {kept.topic: kept for kept in read_scores(minor)}
    assert score(topic, verdicts) == kept[topic.topic], (
        "keep the new score: cloud-conformance fidelity --save"
    )


def test_every_step_of_every_topic_is_there_once() -> None:
    found = {topic.topic: sorted(step.step for step in topic.steps) for topic in TOPICS}
    assert found == {letter: list(numbers) for letter, numbers in NUMBERS.items()}


@pytest.mark.parametrize("minor", recorded_minors())
def test_listed_differences_name_steps(minor: str) -> None:
    steps = {step.step for topic in TOPICS for step in topic.steps}
    assert load_listed(minor).keys() <= steps


def test_scenarios_do_not_share_namespaces() -> None:
    made = [
        request.body["metadata"]["name"]
        for topic in TOPICS
        for scenario in topic.scenarios
        for request in scenario.setup
        if request.send == "POST /api/v1/namespaces"
    ]
    assert len(made) == len(set(made))
