from __future__ import annotations

from conformance.checks.waiting import wait_until
from conformance.contracts.kubernetes import NODES, JsonObject
from conformance.feed import Feed
from conformance.timeline import ObjectKey, Observed, Timeline
from fake_cloud.kube_api.server import KubeApi

KEY = ObjectKey(NODES, "n1")
LIMIT = 10.0


def node(name: str = "n1") -> JsonObject:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}


def types(timeline: Timeline) -> list[str]:
    return [seen.type.value for seen in timeline.versions(KEY)]


def test_what_is_there_and_what_comes_is_seen_in_order() -> None:
    api, timeline = KubeApi(), Timeline()
    kube = api.client()
    kube.create(NODES, node())
    with Feed(kube, NODES, timeline):
        kube.patch(NODES, "n1", {"metadata": {"labels": {"a": "b"}}})
        kube.delete(NODES, "n1")
        wanted = ["ADDED", "MODIFIED", "DELETED"]
        assert wait_until(timeline, lambda: types(timeline) == wanted, LIMIT)
    revisions = [e.revision for e in timeline.since(0) if isinstance(e, Observed)]
    assert revisions == sorted(revisions)


def test_a_lost_watch_is_a_gap_and_the_state_is_listed_again() -> None:
    api, timeline = KubeApi(), Timeline()
    kube, subject = api.client(), api.subject_client()
    kube.create(NODES, node())
    with Feed(subject, NODES, timeline):
        with api.disturbance.outage():
            assert wait_until(timeline, lambda: bool(timeline.gaps()), LIMIT)
            kube.delete(NODES, "n1")
        assert wait_until(timeline, lambda: types(timeline) == ["ADDED", "DELETED"], LIMIT)


def test_an_expired_watch_is_a_gap() -> None:
    api, timeline = KubeApi(), Timeline()
    with Feed(api.subject_client(), NODES, timeline):
        api.disturbance.expire_watches()
        assert wait_until(timeline, lambda: bool(timeline.gaps()), LIMIT)
        assert timeline.gaps()[0].resource == "nodes"
