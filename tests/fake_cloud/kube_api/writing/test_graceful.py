from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fake_cloud.kube_api.store import Store
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.strategies.pods.strategy import PodStrategy
from fake_cloud.kube_api.system_fields import written
from fake_cloud.kube_api.types.table import load_table
from fake_cloud.kube_api.writing.graceful import Course, take_course

RESOURCES = load_table("1.37").resources


@pytest.fixture
def pods() -> Strategy:
    return PodStrategy(RESOURCES["", "v1", "pods"], 37, Store())


def body(**metadata: object) -> Body:
    spec = {"nodeName": "one", "terminationGracePeriodSeconds": 30}
    return {"metadata": metadata, "spec": spec, "status": {}}


def deleted(ago: int, grace: int) -> Body:
    end = datetime.now(UTC) + timedelta(seconds=grace - ago)
    return body(deletionTimestamp=written(end), deletionGracePeriodSeconds=grace)


def test_most_kinds_know_no_grace() -> None:
    nodes = Strategy(RESOURCES["", "v1", "nodes"], 37)
    assert take_course(nodes, body(), 30) is Course.AT_ONCE


@pytest.mark.parametrize(("asked", "grace"), [(None, 30), (5, 5), (0, 0), (-3, 1)])
def test_the_first_delete_sets_the_grace(pods: Strategy, asked: int | None, grace: int) -> None:
    wanted = body(generation=4)
    assert take_course(pods, wanted, asked) is Course.GRACEFUL
    assert wanted["metadata"]["deletionGracePeriodSeconds"] == grace
    assert wanted["metadata"]["generation"] == 5


@pytest.mark.parametrize("asked", [None, 30, 60])
def test_grace_is_not_made_longer(pods: Strategy, asked: int | None) -> None:
    pending = deleted(ago=0, grace=30)
    before = dict(pending["metadata"])
    assert take_course(pods, pending, asked) is Course.PENDING
    assert pending["metadata"] == before


def test_grace_that_is_over_is_shortened_to_a_second(pods: Strategy) -> None:
    late = deleted(ago=20, grace=30)
    assert take_course(pods, late, 5) is Course.GRACEFUL
    assert late["metadata"]["deletionGracePeriodSeconds"] == 1


def test_without_grace_only_finalizers_are_left(pods: Strategy) -> None:
    assert take_course(pods, deleted(ago=0, grace=0), None) is Course.AT_ONCE
