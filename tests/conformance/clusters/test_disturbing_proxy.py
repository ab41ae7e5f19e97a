"""The proxy against a real API server: what the subject sees, and that ours sees nothing of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import pytest
import urllib3
import yaml

from conformance.clusters.binaries import BinariesCluster
from conformance.clusters.subject_connection import PROTOBUF
from conformance.contracts.clusters import ApiRequest
from conformance.contracts.kubernetes import (
    NODES,
    ApiError,
    ApiUnreachable,
    Conflict,
    Expired,
    JsonObject,
    NotFound,
    WatchEvent,
)
from conformance.kube_http import HttpKubeClient

pytestmark = pytest.mark.real

SEEN = {"metadata": {"labels": {"seen": "yes"}}}


def labels(cluster: BinariesCluster, name: str) -> JsonObject:
    found: JsonObject = cluster.kube.get(NODES, name)["metadata"].get("labels", {})
    return found


def watch_one(cluster: BinariesCluster, name: str) -> Iterator[WatchEvent]:
    """The subject's watch on one node, opened."""
    version = cluster.kube.list(NODES)["metadata"]["resourceVersion"]
    return iter(
        cluster.subject_kube.watch(
            NODES, resource_version=version, field_selector=f"metadata.name={name}"
        )
    )


def test_answers_pass_unchanged(cluster: BinariesCluster, node: str) -> None:
    assert cluster.subject_kube.get(NODES, node) == cluster.kube.get(NODES, node)
    with pytest.raises(NotFound, match='nodes "nobody" not found'):
        cluster.subject_kube.get(NODES, "nobody")


def test_large_bodies_pass_both_ways(cluster: BinariesCluster, node: str) -> None:
    text = "x" * 200_000
    cluster.subject_kube.patch(NODES, node, {"metadata": {"annotations": {"large": text}}})

    found = cluster.subject_kube.get(NODES, node)
    assert found["metadata"]["annotations"]["large"] == text


def test_events_of_a_watch_pass_at_once(cluster: BinariesCluster, node: str) -> None:
    events = watch_one(cluster, node)
    for value in ("1", "2", "3"):
        cluster.kube.patch(NODES, node, {"metadata": {"labels": {"step": value}}})
        assert next(events).object["metadata"]["labels"]["step"] == value


def test_refused_requests_never_reach_the_server(cluster: BinariesCluster, node: str) -> None:
    with cluster.disturbance.refuse(verb="patch", resource="nodes", code=409):
        with pytest.raises(Conflict):
            cluster.subject_kube.patch(NODES, node, SEEN)
        cluster.subject_kube.get(NODES, node)
        cluster.kube.patch(NODES, node, {"metadata": {"labels": {"ours": "passes"}}})

    assert labels(cluster, node) == {"ours": "passes"}
    cluster.subject_kube.patch(NODES, node, SEEN)


def test_a_held_request_reaches_the_server_only_when_released(
    cluster: BinariesCluster, node: str
) -> None:
    with ThreadPoolExecutor(1) as pool, cluster.disturbance.hold(verb="patch") as hold:
        patched = pool.submit(cluster.subject_kube.patch, NODES, node, SEEN)
        assert hold.wait_held(30)
        assert "seen" not in labels(cluster, node)
        hold.release()
        patched.result(30)

    assert labels(cluster, node)["seen"] == "yes"


def test_an_outage_cuts_watches_and_refuses_connections(
    cluster: BinariesCluster, node: str
) -> None:
    events = watch_one(cluster, node)
    with cluster.disturbance.outage():
        with pytest.raises(ApiUnreachable):
            next(events)
        with pytest.raises(ApiUnreachable, match="refused"):
            cluster.subject_kube.get(NODES, node)
        cluster.kube.get(NODES, node)

    cluster.subject_kube.get(NODES, node)


def test_outages_may_overlap(cluster: BinariesCluster, node: str) -> None:
    with cluster.disturbance.outage():
        with cluster.disturbance.outage():
            pass
        with pytest.raises(ApiUnreachable):
            cluster.subject_kube.get(NODES, node)


def test_expired_watches_end_with_410_and_the_connection_goes_on(
    cluster: BinariesCluster, node: str
) -> None:
    events = watch_one(cluster, node)
    ours = cluster.kube.watch(NODES, field_selector=f"metadata.name={node}")
    cluster.disturbance.expire_watches()

    with pytest.raises(Expired):
        next(events)
    assert next(iter(ours)).object["metadata"]["name"] == node
    ours.close()
    cluster.subject_kube.get(NODES, node)


def test_every_finished_request_is_told(cluster: BinariesCluster, node: str) -> None:
    told: list[ApiRequest] = []
    ended = threading.Event()

    def listen(request: ApiRequest) -> None:
        told.append(request)
        if request.verb == "watch":
            ended.set()

    watch = cluster.subject_kube.watch(NODES)
    stop = cluster.disturbance.subscribe(listen)
    cluster.subject_kube.patch(NODES, node, SEEN, subresource="status")
    with cluster.disturbance.refuse(code=503), pytest.raises(ApiError):
        cluster.subject_kube.get(NODES, node)
    watch.close()
    assert ended.wait(30)
    stop()

    assert [(one.verb, one.name, one.subresource, one.status, one.disturbed) for one in told] == [
        ("patch", node, "status", 200, False),
        ("get", node, "", 503, True),
        ("watch", "", "", 0, False),
    ]
    assert [one.reason for one in told] == [
        "",
        "ServiceUnavailable: refused by the conformance run",
        "",
    ]


def test_why_the_server_refused_is_told(cluster: BinariesCluster) -> None:
    told: SimpleQueue[ApiRequest] = SimpleQueue()
    stop = cluster.disturbance.subscribe(told.put)
    with pytest.raises(NotFound):
        cluster.subject_kube.get(NODES, "nobody")

    assert told.get(timeout=30).reason == 'NotFound: nodes "nobody" not found'
    stop()


def test_it_is_told_of_answers_in_protobuf_too(cluster: BinariesCluster) -> None:
    config = yaml.safe_load(cluster.subject_kubeconfig.read_text())
    server, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    headers = {"Accept": PROTOBUF, "Authorization": f"Bearer {user['token']}"}
    told: SimpleQueue[ApiRequest] = SimpleQueue()
    stop = cluster.disturbance.subscribe(told.put)
    with urllib3.PoolManager(ca_certs=server["certificate-authority"]) as pool:
        answer = pool.request("GET", f"{server['server']}/api/v1/nodes/nobody", headers=headers)

    assert answer.headers["Content-Type"] == PROTOBUF
    assert told.get(timeout=30).reason == 'NotFound: nodes "nobody" not found'
    stop()


def test_nobody_else_comes_through(cluster: BinariesCluster, node: str) -> None:
    text = cluster.subject_kubeconfig.read_text()
    stranger = cluster.subject_kubeconfig.with_name("stranger.kubeconfig")
    stranger.write_text(text.replace("token: ", "token: wrong"))

    with pytest.raises(ApiError, match="401 Unauthorized"):
        HttpKubeClient(stranger).get(NODES, node)
