from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.representations.rows.pods import conditions, pod

READY = {"type": "Ready", "status": "True"}
RUNNING: dict[str, Any] = {"running": {}}


def ended(code: int, **more: Any) -> dict[str, Any]:
    return {"terminated": {"exitCode": code, **more}}


def container(state: dict[str, Any], *, name: str = "m", **more: Any) -> dict[str, Any]:
    return {"name": name, "state": state, "restartCount": 0, **more}


def shown(status: dict[str, Any], spec: dict[str, Any] | None = None, **metadata: Any) -> list[Any]:
    body = {
        "metadata": {"name": "p", **metadata},
        "spec": {"containers": [{"name": "m"}], **(spec or {})},
        "status": {"phase": "Running", **status},
    }
    return pod(body)


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([container(RUNNING, ready=True)], "Running"),
        ([container({"waiting": {"reason": "CrashLoopBackOff"}})], "CrashLoopBackOff"),
        ([container(ended(1))], "ExitCode:1"),
        ([container(ended(0, signal=9))], "Signal:9"),
        ([container(ended(2, reason="Error"))], "Error"),
        ([container(RUNNING, ready=True), container(ended(0, reason="Completed"))], "NotReady"),
        ([container(ended(0, reason="Completed"))], "Completed"),
    ],
)
def test_the_worst_container_gives_the_state(states: list[dict[str, Any]], state: str) -> None:
    assert shown({"containerStatuses": states})[2] == state


def test_a_completed_container_beside_a_ready_pod_is_running() -> None:
    states = [container(RUNNING, ready=True), container(ended(0, reason="Completed"))]
    assert shown({"containerStatuses": states, "conditions": [READY]})[2] == "Running"


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ({"waiting": {"reason": "PodInitializing"}}, "Init:0/2"),
        ({"waiting": {"reason": "ErrImagePull"}}, "Init:ErrImagePull"),
        (ended(3), "Init:ExitCode:3"),
    ],
)
def test_a_pod_is_held_up_by_its_init_containers(state: dict[str, Any], text: str) -> None:
    spec = {"initContainers": [{"name": "i"}, {"name": "j"}]}
    status = {"initContainerStatuses": [container(state, name="i")]}
    assert shown({"phase": "Pending", **status}, spec)[1:3] == ["0/1", text]


def test_sidecars_count_among_the_containers() -> None:
    spec = {"initContainers": [{"name": "i", "restartPolicy": "Always"}]}
    before = container(RUNNING, name="i", ready=True, started=True, restartCount=2)
    main = container(RUNNING, ready=True, restartCount=3)
    cells = shown({"initContainerStatuses": [before], "containerStatuses": [main]}, spec)
    assert cells[1:4] == ["2/2", "Running", "5"]


def test_a_deleted_pod_is_terminating_or_lost() -> None:
    assert shown({}, deletionTimestamp="2020-01-01T00:00:00Z")[2] == "Terminating"
    lost = shown({"reason": "NodeLost"}, deletionTimestamp="2020-01-01T00:00:00Z")
    assert lost[2] == "Unknown"


def test_a_finished_pod_says_so_in_its_row() -> None:
    body = {"metadata": {}, "status": {"phase": "Failed"}}
    assert [one["reason"] for one in conditions(body)] == ["Failed"]
