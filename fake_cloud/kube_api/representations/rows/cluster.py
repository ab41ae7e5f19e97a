"""Nodes, namespaces, events, leases and what is configured for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.representations.cells import (
    NONE,
    UNKNOWN,
    Body,
    age,
    condition,
    name_of,
    since,
)
from fake_cloud.kube_api.representations.rows import Row, Rows
from fake_cloud.kube_api.strategies.event import to_core

ROLE_PREFIX, ROLE = "node-role.kubernetes.io/", "kubernetes.io/role"


def node(body: Body) -> list[Any]:
    status: Body = body.get("status", {})
    info = status.get("nodeInfo") or {}
    kernel = info.get("kernelVersion") or UNKNOWN
    if info.get("architecture"):
        kernel += f" ({info['architecture']})"
    return [
        name_of(body),
        _node_status(body),
        ",".join(sorted(_roles(body["metadata"].get("labels") or {}))) or NONE,
        age(body),
        info.get("kubeletVersion", ""),
        _address(status, "InternalIP"),
        _address(status, "ExternalIP"),
        info.get("osImage") or UNKNOWN,
        kernel,
        info.get("containerRuntimeVersion") or UNKNOWN,
    ]


def older_node(body: Body) -> list[Any]:
    """Before 1.36, which also shows the architecture."""
    cells = node(body)
    kernel = (body.get("status", {}).get("nodeInfo") or {}).get("kernelVersion")
    return [*cells[:8], kernel or UNKNOWN, cells[9]]


def _node_status(body: Body) -> str:
    ready = condition(body, "Ready")
    text = "Unknown" if not ready else "Ready" if ready == "True" else "NotReady"
    held = body.get("spec", {}).get("unschedulable")
    return f"{text},SchedulingDisabled" if held else text


def _roles(labels: dict[str, str]) -> set[str]:
    roles = {key.removeprefix(ROLE_PREFIX) for key in labels if key.startswith(ROLE_PREFIX)}
    return (roles | {labels.get(ROLE, "")}) - {""}


def _address(status: Body, kind: str) -> str:
    addresses = status.get("addresses") or ()
    return next((str(one["address"]) for one in addresses if one["type"] == kind), NONE)


def namespace(body: Body) -> list[Any]:
    return [name_of(body), body.get("status", {}).get("phase", ""), age(body)]


def event(body: Body) -> list[Any]:
    body = to_core(body) if body.get("apiVersion", "").startswith("events.k8s.io") else body
    about = body.get("involvedObject") or {}
    first = since(body.get("firstTimestamp") or body.get("eventTime"))
    last = since(body["lastTimestamp"]) if body.get("lastTimestamp") else first
    series = body.get("series")
    target = "/".join(t for t in (about.get("kind", "").lower(), about.get("name", "")) if t)
    return [
        since(series.get("lastObservedTime")) if series else last,
        body.get("type", ""),
        body.get("reason", ""),
        target,
        about.get("fieldPath", ""),
        _source(body),
        body.get("message", "").strip(),
        first,
        series["count"] if series else body.get("count") or 1,
        name_of(body),
    ]


def _source(body: Body) -> str:
    source = body.get("source") or {}
    component = source.get("component") or body.get("reportingComponent", "")
    instance = source.get("host") or body.get("reportingInstance", "")
    return f"{component}, {instance}" if instance else str(component)


def lease(body: Body) -> list[Any]:
    return [name_of(body), body.get("spec", {}).get("holderIdentity") or "", age(body)]


def priority_class(body: Body) -> list[Any]:
    return [
        name_of(body),
        body.get("value", 0),
        body.get("globalDefault", False),
        age(body),
        body.get("preemptionPolicy", ""),
    ]


def runtime_class(body: Body) -> list[Any]:
    return [name_of(body), body.get("handler", ""), age(body)]


def resource_quota(body: Body) -> list[Any]:
    status: Body = body.get("status", {})
    used = status.get("used") or {}
    requests: list[str] = []
    limits: list[str] = []
    for resource, hard in sorted((status.get("hard") or {}).items()):
        column = limits if resource.startswith("limits.") else requests
        column.append(f"{resource}: {used.get(resource, '0')}/{hard}")
    return [name_of(body), ", ".join(requests), ", ".join(limits), age(body)]


def custom_resource_definition(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    names = spec.get("names", {})
    versions = sorted(
        version["name"] + ("(storage)" if version.get("storage") else "")
        for version in spec.get("versions") or ()
        if version.get("served")
    )
    return [
        name_of(body),
        spec.get("scope", ""),
        ",".join(versions),
        body["metadata"].get("creationTimestamp"),
        spec.get("group", ""),
        names.get("kind", ""),
        ",".join(names.get("shortNames") or ()),
        condition(body, "Established") == "True",
    ]


OLDER: Mapping[str, tuple[int, Row | None]] = {
    "nodes": (36, older_node),
    "customresourcedefinitions.apiextensions.k8s.io": (37, None),
}
"""What minors before that number show; None: name and creation time."""

ROWS: Rows = {
    "nodes": node,
    "namespaces": namespace,
    "events": event,
    "events.events.k8s.io": event,
    "leases.coordination.k8s.io": lease,
    "priorityclasses.scheduling.k8s.io": priority_class,
    "runtimeclasses.node.k8s.io": runtime_class,
    "resourcequotas": resource_quota,
    "customresourcedefinitions.apiextensions.k8s.io": custom_resource_definition,
}
