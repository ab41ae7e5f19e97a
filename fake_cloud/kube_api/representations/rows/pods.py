"""Pods: the state of their containers in one word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_cloud.kube_api.representations.cells import (
    NONE,
    Body,
    age,
    condition,
    name_of,
    since,
)
from fake_cloud.kube_api.representations.rows import Rows

UNREACHABLE = "NodeLost"
FINISHED = {
    "Succeeded": "The pod has completed successfully.",
    "Failed": "The pod failed.",
}


def pod(body: Body) -> list[Any]:
    spec, status = body.get("spec", {}), body.get("status", {})
    addresses = status.get("podIPs") or ()
    total = len(spec.get("containers") or ()) + len(_restartable(spec))
    return [
        name_of(body),
        f"{_ready(body)}/{total}",
        _state(body),
        _restarts(body),
        age(body),
        next((one["ip"] for one in addresses if one.get("ip")), NONE),
        spec.get("nodeName") or NONE,
        status.get("nominatedNodeName") or NONE,
        _gates(body),
    ]


def conditions(body: Body) -> list[Body]:
    """What a row says about a pod that has finished."""
    phase = body.get("status", {}).get("phase", "")
    if phase not in FINISHED:
        return []
    message = FINISHED[phase]
    return [{"type": "Completed", "status": "True", "reason": phase, "message": message}]


def _restartable(spec: Body) -> set[str]:
    found = spec.get("initContainers") or ()
    return {one["name"] for one in found if one.get("restartPolicy") == "Always"}


def _statuses(body: Body, field: str) -> list[Body]:
    return list(body.get("status", {}).get(field) or ())


def _unfinished(body: Body) -> Iterator[tuple[int, Body]]:
    """Init containers that still keep the pod from its start, by their place."""
    sidecars = _restartable(body.get("spec", {}))
    for index, one in enumerate(_statuses(body, "initContainerStatuses")):
        over = (one.get("state") or {}).get("terminated")
        done = over is not None and over.get("exitCode") == 0
        runs = one["name"] in sidecars and one.get("started")
        if not done and not runs:
            yield index, one


def _initializing(body: Body) -> str:
    """Why a pod has not started its containers; empty when it has."""
    found = next(_unfinished(body), None)
    if found is None:
        return ""
    index, one = found
    state = one.get("state") or {}
    over, waits = state.get("terminated"), (state.get("waiting") or {}).get("reason", "")
    if over is not None:
        return f"Init:{_end(over)}"
    if waits and waits != "PodInitializing":
        return f"Init:{waits}"
    return f"Init:{index}/{len(body.get('spec', {}).get('initContainers') or ())}"


def _end(over: Body) -> str:
    if over.get("reason"):
        return str(over["reason"])
    return f"Signal:{over['signal']}" if over.get("signal") else f"ExitCode:{over['exitCode']}"


def _state(body: Body) -> str:
    status: Body = body.get("status", {})
    phase = status.get("phase", "")
    if "deletionTimestamp" in body["metadata"]:
        if status.get("reason") == UNREACHABLE:
            return "Unknown"
        if phase not in FINISHED:
            return "Terminating"
    waits = _initializing(body)
    if waits and condition(body, "Initialized") != "True":
        return waits
    return _running(body, waits or _gated(body) or status.get("reason") or phase)


def _gated(body: Body) -> str:
    for one in _statuses(body, "conditions"):
        if one["type"] == "PodScheduled" and one.get("reason") == "SchedulingGated":
            return "SchedulingGated"
    return ""


def _running(body: Body, reason: str) -> str:
    running, error = False, ""
    for one in reversed(_statuses(body, "containerStatuses")):
        state = one.get("state") or {}
        over, waits = state.get("terminated"), (state.get("waiting") or {}).get("reason")
        if waits:
            reason = waits
        elif over is not None:
            reason = _end(over)
            error = reason if over.get("exitCode") else error
        elif one.get("ready") and state.get("running") is not None:
            running = True
    if reason != "Completed":
        return reason
    if running and condition(body, "Ready") == "True":
        return "Running"
    return error or ("NotReady" if running else reason)


def _ready(body: Body) -> int:
    sidecars = _restartable(body.get("spec", {}))
    began = [
        one
        for one in _statuses(body, "initContainerStatuses")
        if one["name"] in sidecars and one.get("started")
    ]
    if _initializing(body) and condition(body, "Initialized") != "True":
        return sum(bool(one.get("ready")) for one in began)
    main = [
        one
        for one in _statuses(body, "containerStatuses")
        if (one.get("state") or {}).get("running") is not None
    ]
    return sum(bool(one.get("ready")) for one in [*began, *main])


def _restarts(body: Body) -> str:
    before = _statuses(body, "initContainerStatuses")
    if not _initializing(body) or condition(body, "Initialized") == "True":
        sidecars = _restartable(body.get("spec", {}))
        before = [one for one in before if one["name"] in sidecars]
        before += _statuses(body, "containerStatuses")
    count = sum(one.get("restartCount", 0) for one in before)
    last = max((_finished_at(one) for one in before), default="")
    return f"{count} ({since(last)} ago)" if count and last else str(count)


def _finished_at(one: Body) -> str:
    return str(((one.get("lastState") or {}).get("terminated") or {}).get("finishedAt") or "")


def _gates(body: Body) -> str:
    gates = [gate["conditionType"] for gate in body.get("spec", {}).get("readinessGates") or ()]
    met = sum(condition(body, kind) == "True" for kind in gates)
    return f"{met}/{len(gates)}" if gates else NONE


ROWS: Rows = {"pods": pod}
