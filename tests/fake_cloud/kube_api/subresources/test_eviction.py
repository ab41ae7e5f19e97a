from __future__ import annotations

import json

import pytest

from conformance.contracts.kubernetes import KubeClient
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.kinds import BUDGETS, PODS, Body, pod, set_status

READY = [{"type": "Ready", "status": "True"}]


def evict(api: KubeApi, name: str = "one", **fields: object) -> Reply:
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}, **fields}
    path = f"/api/v1/namespaces/default/pods/{name}/eviction"
    headers = {"content-type": "application/json"}
    reply = api.handle(Request("POST", path, {}, headers, json.dumps(body).encode()))
    assert isinstance(reply, Reply)
    return reply


@pytest.fixture
def running(kube: KubeClient) -> Body:
    """A ready pod on a node, and a budget for it that the disruption controller has not seen."""
    kube.create(PODS, pod(labels={"app": "one"}, nodeName="one"), "default")
    set_status(kube, PODS, "one", "default", phase="Running", conditions=READY)
    selector = {"matchLabels": {"app": "one"}}
    budget = {"metadata": {"name": "one"}, "spec": {"minAvailable": 1, "selector": selector}}
    return kube.create(BUDGETS, budget, "default")


def allow(kube: KubeClient, disruptions: int) -> None:
    status = {"observedGeneration": 1, "currentHealthy": 1, "desiredHealthy": 1}
    set_status(kube, BUDGETS, "one", "default", disruptionsAllowed=disruptions, **status)


@pytest.mark.usefixtures("running")
def test_a_budget_that_nobody_has_worked_out_is_asked_for_later(api: KubeApi) -> None:
    reply = evict(api)
    assert (reply.status, reply.headers["Retry-After"]) == (429, "10")
    assert b"is still being processed by the server" in reply.body


@pytest.mark.usefixtures("running")
def test_an_exhausted_budget_says_why(api: KubeApi, kube: KubeClient) -> None:
    allow(kube, 0)
    reply = evict(api)
    assert (reply.status, "Retry-After" in reply.headers) == (429, False)
    assert b"needs 1 healthy pods and has 1 currently" in reply.body
    assert "deletionTimestamp" not in kube.get(PODS, "one", "default")["metadata"]


@pytest.mark.usefixtures("running")
def test_an_allowed_eviction_is_counted_and_deletes(api: KubeApi, kube: KubeClient) -> None:
    allow(kube, 1)
    assert evict(api).status == 201
    evicted = kube.get(PODS, "one", "default")
    assert evicted["metadata"]["deletionGracePeriodSeconds"] == 30
    assert evicted["status"]["conditions"][-1]["type"] == "DisruptionTarget"
    status = kube.get(BUDGETS, "one", "default")["status"]
    assert status["disruptionsAllowed"] == 0
    assert list(status["disruptedPods"]) == ["one"]
    assert status["conditions"][0]["reason"] == "InsufficientPods"


def test_two_budgets_for_a_pod_are_too_many(api: KubeApi, kube: KubeClient, running: Body) -> None:
    second = {"metadata": {"name": "two"}, "spec": running["spec"]}
    kube.create(BUDGETS, second, "default")
    reply = evict(api)
    assert reply.status == 500
    assert b"more than one PodDisruptionBudget" in reply.body


@pytest.mark.usefixtures("running")
def test_a_pod_that_does_not_run_needs_no_budget(api: KubeApi, kube: KubeClient) -> None:
    set_status(kube, PODS, "one", "default", phase="Failed")
    assert evict(api).status == 201


@pytest.mark.usefixtures("running")
def test_a_sick_pod_may_go_while_enough_are_healthy(api: KubeApi, kube: KubeClient) -> None:
    allow(kube, 0)
    set_status(kube, PODS, "one", "default", conditions=[{"type": "Ready", "status": "False"}])
    assert evict(api).status == 201


@pytest.mark.usefixtures("running")
def test_a_dry_eviction_changes_nothing(api: KubeApi, kube: KubeClient) -> None:
    allow(kube, 1)
    before = kube.get(PODS, "one", "default"), kube.get(BUDGETS, "one", "default")
    assert evict(api, deleteOptions={"dryRun": ["All"]}).status == 201
    assert (kube.get(PODS, "one", "default"), kube.get(BUDGETS, "one", "default")) == before
