"""Deployments, sets, jobs and what limits them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fake_cloud.kube_api.representations.cells import (
    NONE,
    UNSET,
    Body,
    age,
    condition,
    containers,
    human,
    labels,
    moment,
    name_of,
    selector,
    since,
    template,
)
from fake_cloud.kube_api.representations.rows import Rows


def _parts(body: Body) -> tuple[Body, Body]:
    return body.get("spec", {}), body.get("status", {})


def deployment(body: Body) -> list[Any]:
    spec, status = _parts(body)
    return [
        name_of(body),
        f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}",
        status.get("updatedReplicas", 0),
        status.get("availableReplicas", 0),
        age(body),
        *containers(template(body)),
        selector(spec.get("selector")),
    ]


def daemon_set(body: Body) -> list[Any]:
    spec, status = _parts(body)
    return [
        name_of(body),
        status.get("desiredNumberScheduled", 0),
        status.get("currentNumberScheduled", 0),
        status.get("numberReady", 0),
        status.get("updatedNumberScheduled", 0),
        status.get("numberAvailable", 0),
        labels(template(body).get("nodeSelector")),
        age(body),
        *containers(template(body)),
        selector(spec.get("selector")),
    ]


def stateful_set(body: Body) -> list[Any]:
    spec, status = _parts(body)
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 0)}"
    return [name_of(body), ready, age(body), *containers(template(body))]


def replica_set(body: Body) -> list[Any]:
    return [*_replicas(body), selector(body.get("spec", {}).get("selector"))]


def replication_controller(body: Body) -> list[Any]:
    return [*_replicas(body), labels(body.get("spec", {}).get("selector"))]


def _replicas(body: Body) -> list[Any]:
    spec, status = _parts(body)
    return [
        name_of(body),
        spec.get("replicas", 0),
        status.get("replicas", 0),
        status.get("readyReplicas", 0),
        age(body),
        *containers(template(body)),
    ]


JOB_STATES = (
    ("Complete", "Complete"),
    ("Failed", "Failed"),
    ("", "Terminating"),
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)
"""Condition and what it is called; the one without a condition is a job under deletion."""


def job(body: Body) -> list[Any]:
    spec, _ = _parts(body)
    return [
        name_of(body),
        _job_state(body),
        _completions(body),
        _job_length(body),
        age(body),
        *containers(template(body)),
        selector(spec.get("selector")),
    ]


def _job_state(body: Body) -> str:
    deleting = "deletionTimestamp" in body["metadata"]
    for kind, text in JOB_STATES:
        if condition(body, kind) == "True" if kind else deleting:
            return text
    return "Running"


def _completions(body: Body) -> str:
    spec, status = _parts(body)
    done, parallel = status.get("succeeded", 0), spec.get("parallelism", 0)
    if spec.get("completions") is not None:
        return f"{done}/{spec['completions']}"
    return f"{done}/1 of {parallel}" if parallel > 1 else f"{done}/1"


def _job_length(body: Body) -> str:
    _, status = _parts(body)
    start, end = status.get("startTime"), status.get("completionTime")
    if not start:
        return ""
    return human((moment(end) if end else datetime.now(UTC)) - moment(start))


def cron_job(body: Body) -> list[Any]:
    spec, status = _parts(body)
    last = status.get("lastScheduleTime")
    made: Body = spec.get("jobTemplate") or {}
    return [
        name_of(body),
        spec.get("schedule", ""),
        spec.get("timeZone") or NONE,
        {None: UNSET, True: "True", False: "False"}[spec.get("suspend")],
        len(status.get("active") or ()),
        since(last) if last else NONE,
        age(body),
        *containers(template(made)),
        selector(made.get("spec", {}).get("selector")),
    ]


def pod_template(body: Body) -> list[Any]:
    made: Body = body.get("template") or {}
    shown = labels(made.get("metadata", {}).get("labels"))
    return [name_of(body), *containers(made.get("spec") or {}), shown]


def controller_revision(body: Body) -> list[Any]:
    owners = body["metadata"].get("ownerReferences") or ()
    owner = next((one for one in owners if one.get("controller")), None)
    controller = NONE
    if owner:
        group = owner["apiVersion"].rpartition("/")[0]
        kind = f"{owner['kind']}.{group}" if group else owner["kind"]
        controller = f"{kind.lower()}/{owner['name']}"
    return [name_of(body), controller, body.get("revision", 0), age(body)]


def disruption_budget(body: Body) -> list[Any]:
    spec, status = _parts(body)
    limits = [str(spec.get(field, "N/A")) for field in ("minAvailable", "maxUnavailable")]
    return [name_of(body), *limits, status.get("disruptionsAllowed", 0), age(body)]


ROWS: Rows = {
    "deployments.apps": deployment,
    "daemonsets.apps": daemon_set,
    "statefulsets.apps": stateful_set,
    "replicasets.apps": replica_set,
    "replicationcontrollers": replication_controller,
    "jobs.batch": job,
    "cronjobs.batch": cron_job,
    "podtemplates": pod_template,
    "controllerrevisions.apps": controller_revision,
    "poddisruptionbudgets.policy": disruption_budget,
}
