from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice

import pytest

from conformance.contracts.kubernetes import (
    CONFIG_MAPS,
    NODES,
    Expired,
    KubeClient,
    PatchType,
    WatchEvent,
    WatchType,
)
from fake_cloud.kube_api.http import Request, Streaming
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.watching.stream import QUEUE_LENGTH
from tests.fake_cloud.kube_api.objects import config_map, node


def changes(watch: Iterable[WatchEvent]) -> Iterator[WatchEvent]:
    """The events without bookmarks."""
    return (event for event in watch if event.type != WatchType.BOOKMARK)


def said(events: Iterable[WatchEvent], count: int) -> list[tuple[str, str]]:
    first = islice(changes(events), count)
    return [(event.type.value, event.object["metadata"]["name"]) for event in first]


def version(kube: KubeClient) -> str:
    return str(kube.list(NODES)["metadata"]["resourceVersion"])


def test_a_watch_without_a_version_begins_with_what_is_there(kube: KubeClient) -> None:
    kube.create(NODES, node())
    with kube.watch(NODES) as watch:
        events = iter(watch)
        kube.create(NODES, node("two"))
        assert said(events, 2) == [("ADDED", "one"), ("ADDED", "two")]


def test_a_watch_from_a_version_says_only_what_came_later(kube: KubeClient) -> None:
    kube.create(NODES, node())
    since = version(kube)
    kube.patch(NODES, "one", {"spec": {"unschedulable": True}})
    deleted = kube.delete(NODES, "one")
    with kube.watch(NODES, resource_version=since) as watch:
        first, second = islice(watch, 2)
    assert (first.type, second.type) == (WatchType.MODIFIED, WatchType.DELETED)
    assert deleted["details"]["uid"] == second.object["metadata"]["uid"]
    assert int(second.object["metadata"]["resourceVersion"]) > int(
        first.object["metadata"]["resourceVersion"]
    )


def test_a_write_that_changes_nothing_is_no_event(kube: KubeClient) -> None:
    kube.create(NODES, node())
    with kube.watch(NODES, resource_version=version(kube)) as watch:
        kube.patch(NODES, "one", {"metadata": {}})
        kube.create(NODES, node("two"))
        assert said(iter(watch), 1) == [("ADDED", "two")]


def test_initial_events_end_with_a_bookmark(kube: KubeClient) -> None:
    kube.create(NODES, node())
    with kube.watch(NODES, send_initial_events=True) as watch:
        first, end = islice(watch, 2)
    assert first.type == WatchType.ADDED
    assert end.type == WatchType.BOOKMARK
    assert end.object["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_leaving_a_selector_is_a_deletion_and_entering_it_an_addition(kube: KubeClient) -> None:
    kube.create(NODES, node())
    with kube.watch(NODES, label_selector="a=b", resource_version=version(kube)) as watch:
        for value in ("b", "b", "c"):
            labels = {"a": value, "turn": value * 2}
            kube.patch(NODES, "one", {"metadata": {"labels": labels}})
        kube.patch(NODES, "one", {"metadata": {"labels": {"a": "b"}}})
        last = kube.get(NODES, "one")["metadata"]["resourceVersion"]
        added, gone, back = islice(watch, 3)
    assert [e.type.value for e in (added, gone, back)] == ["ADDED", "DELETED", "ADDED"]
    assert gone.object["metadata"]["labels"]["a"] == "b"
    assert back.object["metadata"]["resourceVersion"] == last


def test_a_watch_of_one_name_and_one_namespace(kube: KubeClient) -> None:
    with kube.watch(CONFIG_MAPS, "default", field_selector="metadata.name=one") as watch:
        kube.create(CONFIG_MAPS, config_map("two"), "default")
        kube.create(CONFIG_MAPS, config_map("one"), "kube-system")
        kube.create(CONFIG_MAPS, config_map("one"), "default")
        (event,) = islice(changes(watch), 1)
    assert event.object["metadata"]["namespace"] == "default"


def test_a_forgotten_version_is_expired(api: KubeApi, kube: KubeClient) -> None:
    since = version(kube)
    kube.create(NODES, node())
    api.compact()
    with kube.watch(NODES, resource_version=since) as watch, pytest.raises(Expired):
        next(iter(watch))


def test_a_version_from_before_the_server_is_expired(kube: KubeClient) -> None:
    with kube.watch(NODES, resource_version="1") as watch, pytest.raises(Expired):
        next(iter(watch))


def test_ten_watchers_see_the_same_order(kube: KubeClient) -> None:
    watches = [kube.watch(NODES, resource_version=version(kube)) for _ in range(10)]
    for number in range(5):
        kube.create(NODES, node(f"n{number}"))
    seen = [said(iter(watch), 5) for watch in watches]
    for watch in watches:
        watch.close()
    assert seen == [[("ADDED", f"n{number}") for number in range(5)]] * 10


def test_closing_ends_the_iteration(kube: KubeClient) -> None:
    watch = kube.watch(NODES, resource_version=version(kube))
    watch.close()
    assert list(watch) == []


def test_a_watch_ends_after_its_timeout(kube: KubeClient) -> None:
    assert list(kube.watch(NODES, resource_version=version(kube), timeout_seconds=1)) == []


def test_bookmarks_come_while_nothing_happens() -> None:
    with closing(KubeApi(bookmark_period=0.001)) as api:
        first, second = islice(api.client().watch(NODES), 2)
    assert "annotations" in first.object["metadata"]
    assert second.type == WatchType.BOOKMARK
    assert "annotations" not in second.object["metadata"]


def test_a_reader_that_does_not_keep_up_is_cut_off(api: KubeApi, kube: KubeClient) -> None:
    answer = api.handle(Request("GET", "/api/v1/nodes", {"watch": "true"}))
    assert isinstance(answer, Streaming)
    kube.create(NODES, node())
    for number in range(QUEUE_LENGTH + 1):
        patch = {"metadata": {"labels": {"turn": str(number)}}}
        kube.patch(NODES, "one", patch, patch_type=PatchType.MERGE)
    assert answer.stream.ended


def test_an_unknown_match_is_refused(api: KubeApi) -> None:
    query = {"watch": "true", "sendInitialEvents": "true"}
    answer = api.handle(Request("GET", "/api/v1/nodes", query))
    assert not isinstance(answer, Streaming)
    assert answer.status == 422
