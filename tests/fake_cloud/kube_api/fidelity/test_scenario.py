from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.clusters.embedded import serve_embedded
from fake_cloud.kube_api.fidelity import recordings
from fake_cloud.kube_api.fidelity.embedded_server import EmbeddedServer
from fake_cloud.kube_api.fidelity.http_server import HttpServer
from fake_cloud.kube_api.fidelity.normalise import SERVICE_RANGES
from fake_cloud.kube_api.fidelity.record import NotAnswered, record
from fake_cloud.kube_api.fidelity.replay import replay
from fake_cloud.kube_api.fidelity.scenario import SetupFailed, run
from fake_cloud.kube_api.fidelity.steps import Read, Scenario, Send, Step, Topic, load_topics
from fake_cloud.kube_api.fidelity.values import MissingValue, fill, pick
from fake_cloud.kube_api.server import KubeApi

TABLE = """
topic: Z
title: Trial
scenarios:
  - name: one
    setup:
      - send: POST /api/v1/namespaces
        body: {apiVersion: v1, kind: Namespace, metadata: {name: z-one}}
    steps:
      - step: 1
        says: a service is created and watched
        requests:
          - send: POST /api/v1/namespaces/z-one/services
            body:
              apiVersion: v1
              kind: Service
              metadata: {generateName: z-}
              spec: {ports: [{port: 80}]}
            save: {name: metadata.name}
          - send: GET /api/v1/namespaces/z-one/services
            query: {watch: "true"}
            watch: all
          - send: DELETE /api/v1/namespaces/z-one/services/${name}
          - read: all
            count: 2
            close: true
      - step: 2
        says: it is gone
        requests:
          - send: GET /api/v1/namespaces/z-one/services/${name}
            until: 404
"""


@pytest.fixture
def topic(tmp_path: Path) -> Topic:
    (tmp_path / "trial.yaml").write_text(TABLE, encoding="utf-8")
    return load_topics(tmp_path)[0]


@pytest.fixture
def embedded() -> Iterator[EmbeddedServer]:
    api = KubeApi(service_ranges=SERVICE_RANGES)
    yield EmbeddedServer(api)
    api.close()


def scenario(*requests: Send | Read, setup: tuple[Send, ...] = ()) -> Scenario:
    step = Step(step=1, says="", requests=requests)
    return Scenario(name="trial", steps=(step,), setup=setup)


def test_recording_over_http_says_what_the_core_says(
    topic: Topic, embedded: EmbeddedServer, tmp_path: Path
) -> None:
    api = KubeApi(service_ranges=SERVICE_RANGES)
    try:
        with serve_embedded(api, tmp_path) as served:
            over_http = record(topic, HttpServer(served.kubeconfig, served.kubeconfig_for))
    finally:
        api.close()
    assert over_http == record(topic, embedded)


def test_recording_is_written_and_read_again(
    topic: Topic, embedded: EmbeddedServer, tmp_path: Path
) -> None:
    recorded = record(topic, embedded)
    path = recordings.write(topic, "1.37", recorded, tmp_path)
    assert path == tmp_path / "1.37" / "trial.json"
    assert recordings.read(topic, "1.37", tmp_path) == {1: recorded[1], 2: recorded[2]}


def test_topic_without_a_recording_says_so(topic: Topic) -> None:
    with pytest.raises(recordings.NotRecorded, match="record topic Z on a real API server"):
        replay(topic, "1.37")


def test_steps_that_changed_since_they_were_recorded_say_so(
    topic: Topic, embedded: EmbeddedServer, tmp_path: Path
) -> None:
    recordings.write(topic, "1.37", record(topic, embedded), tmp_path)
    text = TABLE.replace("port: 80", "port: 81")
    (tmp_path / "trial.yaml").write_text(text, encoding="utf-8")
    changed = load_topics(tmp_path)[0]
    with pytest.raises(recordings.NotRecorded, match=r"steps \[1\]: record topic Z again"):
        recordings.read(changed, "1.37", tmp_path)


def test_setup_that_is_refused_stops_the_scenario(embedded: EmbeddedServer) -> None:
    refused = Send(send="DELETE /api/v1/nodes/nobody")
    with pytest.raises(SetupFailed, match="trial: DELETE /api/v1/nodes/nobody was answered with"):
        run(scenario(setup=(refused,)), embedded)


def test_value_that_no_answer_gave_is_trouble_and_not_recorded(
    embedded: EmbeddedServer,
) -> None:
    asking = scenario(Send(send="GET /api/v1/nodes/${name}"))
    assert "no earlier answer gave ${name}" in run(asking, embedded)[1][0].trouble
    broken = Topic(topic="Z", title="", scenarios=(asking,))
    with pytest.raises(NotAnswered, match="step 1"):
        record(broken, embedded)


def test_watch_that_was_not_opened_is_trouble(embedded: EmbeddedServer) -> None:
    assert run(scenario(Read(read="w", count=1)), embedded)[1][0].trouble == "w is not open"


def test_typing_error_in_steps_names_the_file(tmp_path: Path) -> None:
    text = TABLE.replace("says: it is gone", "sayz: it is gone")
    (tmp_path / "trial.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=r"trial.yaml: .*sayz"):
        load_topics(tmp_path)


def test_values_keep_their_type_when_they_stand_alone() -> None:
    values = {"port": 80, "name": "one"}
    template = {"a": "${port}", "b": ["${name}:${port}"], "c": 1}
    assert fill(template, values) == {"a": 80, "b": ["one:80"], "c": 1}


def test_paths_lead_through_lists() -> None:
    answer = {"items": [{"name": "one"}]}
    assert pick(answer, "items.0.name") == "one"
    assert pick(answer, ".") is answer
    with pytest.raises(MissingValue, match=r"the answer has no items\.1\.name"):
        pick(answer, "items.1.name")
