"""The embedded API and a real one are put to the same requests, which nobody wrote."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from conformance.clusters.binaries import BinariesBackend
from conformance.contracts.clusters import ClusterOptions
from conformance.errors import ProgramMissing
from conformance.ledger import RunLedger
from conformance.standing import Standing
from fake_cloud.kube_api.fidelity.compare import Difference, compare
from fake_cloud.kube_api.fidelity.embedded_server import EmbeddedServer
from fake_cloud.kube_api.fidelity.http_server import HttpServer
from fake_cloud.kube_api.fidelity.normalise import SERVICE_RANGES, normalise
from fake_cloud.kube_api.fidelity.record import APISERVER_FLAGS
from fake_cloud.kube_api.fidelity.scenario import run
from fake_cloud.kube_api.fidelity.servers import Server
from fake_cloud.kube_api.fidelity.steps import Send
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.fidelity.sequences import InProtobuf, scenario, sequences

SEQUENCES = 200
"""With about 25 requests each they take half a minute on two cores; making a failing one shorter
would take many minutes."""

NUMBERS = itertools.count(1)
Servers = tuple[Server, Server]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The real one first. Skips where no kube-apiserver is found."""
    folder = tmp_path_factory.mktemp("sequences")
    parts = Standing(folder, "sequences", RunLedger(folder / "ledger.jsonl"))
    api = KubeApi(service_ranges=SERVICE_RANGES)
    try:
        with BinariesBackend((), APISERVER_FLAGS).start(ClusterOptions(), parts) as cluster:
            real = HttpServer(Path(cluster.kubeconfig))
            yield InProtobuf(real), InProtobuf(EmbeddedServer(api))
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    finally:
        api.close()


@pytest.mark.real
@settings(
    max_examples=SEQUENCES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(sequence=sequences)
def test_both_servers_answer_alike(servers: Servers, sequence: list[list[Send]]) -> None:
    story = scenario(next(NUMBERS), sequence)
    wanted, seen = (normalise(run(story, server)) for server in servers)
    for step in story.steps:
        found = compare(wanted[step.step], seen[step.step])
        differences = [difference for difference in found if not is_order_of_words(difference)]
        assert not differences, [str(difference) for difference in differences]


def is_order_of_words(difference: Difference) -> bool:
    """A refused JSON patch is quoted with the patched object, whose parts Go sorts if it took them
    apart: that is not followed below lists."""
    return difference.words_only and sorted(difference.wanted) == sorted(difference.seen)
