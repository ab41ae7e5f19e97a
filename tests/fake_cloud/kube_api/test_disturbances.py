from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest

from conformance.contracts.clusters import ApiRequest
from conformance.contracts.kubernetes import (
    NODES,
    ApiError,
    ApiUnreachable,
    Expired,
    KubeClient,
)
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.objects import node


@pytest.fixture
def subject(api: KubeApi) -> KubeClient:
    return api.subject_client()


def test_a_refusal_meets_the_subject_alone_and_is_lifted(
    api: KubeApi, kube: KubeClient, subject: KubeClient
) -> None:
    kube.create(NODES, node())
    with api.disturbance.refuse(verb="get", resource="nodes", name="one", code=503):
        with pytest.raises(ApiError) as error:
            subject.get(NODES, "one")
        kube.get(NODES, "one")
        subject.list(NODES)
    assert error.value.code == 503
    subject.get(NODES, "one")


def test_a_held_request_reaches_the_server_at_its_release(
    api: KubeApi, kube: KubeClient, subject: KubeClient
) -> None:
    with ThreadPoolExecutor() as pool, api.disturbance.hold(verb="create") as hold:
        created = pool.submit(subject.create, NODES, node())
        assert hold.wait_held(5)
        assert kube.list(NODES)["items"] == []
        hold.release()
        assert created.result(5)["metadata"]["name"] == "one"


def test_only_the_first_matching_request_is_held(api: KubeApi, subject: KubeClient) -> None:
    with ThreadPoolExecutor() as pool, api.disturbance.hold(resource="nodes") as hold:
        first = pool.submit(subject.list, NODES)
        assert hold.wait_held(5)
        subject.list(NODES)
        assert not first.done()


def test_a_hold_ends_with_its_context(api: KubeApi, subject: KubeClient) -> None:
    with ThreadPoolExecutor() as pool:
        with api.disturbance.hold() as hold:
            listing = pool.submit(subject.list, NODES)
            assert hold.wait_held(5)
        assert listing.result(5)["items"] == []


def test_an_outage_cuts_watches_and_requests_of_the_subject(
    api: KubeApi, kube: KubeClient, subject: KubeClient
) -> None:
    watch = subject.watch(NODES)
    with api.disturbance.outage():
        with pytest.raises(ApiUnreachable):
            subject.list(NODES)
        with pytest.raises(ApiUnreachable):
            list(watch)
        kube.list(NODES)
    subject.list(NODES)


def test_watches_can_be_expired(api: KubeApi, kube: KubeClient, subject: KubeClient) -> None:
    since = kube.list(NODES)["metadata"]["resourceVersion"]
    own, theirs = (client.watch(NODES, resource_version=since) for client in (kube, subject))
    api.disturbance.expire_watches()
    with pytest.raises(Expired):
        next(iter(theirs))
    kube.create(NODES, node())
    assert len(list(islice(own, 1))) == 1
    own.close()


def test_listeners_hear_of_every_finished_request(
    api: KubeApi, kube: KubeClient, subject: KubeClient
) -> None:
    heard: list[ApiRequest] = []
    stop = api.disturbance.subscribe(heard.append)
    kube.create(NODES, node())
    subject.patch(NODES, "one", {"status": {}}, subresource="status")
    with subject.watch(NODES):
        pass
    with api.disturbance.refuse(code=500), pytest.raises(ApiError):
        subject.get(NODES, "two")
    stop()
    subject.list(NODES)
    told = [(r.verb, r.resource, r.name, r.subresource, r.status, r.disturbed) for r in heard]
    assert told == [
        ("patch", "nodes", "one", "status", 200, False),
        ("watch", "nodes", "", "", 200, False),
        ("get", "nodes", "two", "", 500, True),
    ]


def test_listeners_hear_why_a_request_was_refused(api: KubeApi, subject: KubeClient) -> None:
    heard: list[ApiRequest] = []
    api.disturbance.subscribe(heard.append)
    with pytest.raises(ApiError):
        subject.get(NODES, "nobody")
    with api.disturbance.refuse(code=403), pytest.raises(ApiError):
        subject.get(NODES, "nobody")
    assert [request.reason for request in heard] == [
        'NotFound: nodes "nobody" not found',
        "Forbidden: refused by the conformance run",
    ]
