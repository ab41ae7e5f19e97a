"""The audit log: what stands in it, how long, and as lines of a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.contracts.audit import AuditEntry, AuditGap
from conformance.contracts.kubernetes import (
    CONFIG_MAPS,
    NODES,
    AlreadyExists,
    ApiError,
    Invalid,
    KubeClient,
)
from fake_cloud.kube_api.audit.log import AuditLog
from fake_cloud.kube_api.authentication.user import NOBODY, OWNER, User
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.objects import node

OK = Reply(200, {}, b"{}")


def entries_of(api: KubeApi, *users: User) -> list[AuditEntry]:
    """Controllers of the server act beside a test."""
    names = {user.name for user in users}
    return [entry for entry in api.audit.entries() if entry.user in names]


def test_the_name_of_a_create_is_the_one_that_was_given(api: KubeApi, kube: KubeClient) -> None:
    kube.create(NODES, node("a"))
    with pytest.raises(AlreadyExists):
        kube.create(NODES, node("a"))
    with pytest.raises(Invalid):
        kube.create(NODES, node("A"))
    kube.create(CONFIG_MAPS, {"metadata": {"generateName": "b-"}}, "default")
    with pytest.raises(ApiError, match="403"):
        api.client(user=NOBODY).create(NODES, node("c"))

    seen = [(entry.name, entry.code) for entry in entries_of(api, OWNER, NOBODY)]
    assert seen == [("a", 201), ("a", 409), ("A", 422), ("", 201), ("", 403)]


def test_writes_are_told_from_reads(api: KubeApi, kube: KubeClient) -> None:
    kube.create(NODES, node("a"))
    kube.list(NODES)
    kube.watch(NODES).close()
    kube.version()
    kube.delete(NODES, "a")
    assert [(e.verb, e.writes) for e in entries_of(api, OWNER)] == [
        ("create", True),
        ("list", False),
        ("watch", False),
        ("get", False),
        ("delete", True),
    ]


def test_who_acts_as_somebody_else_is_named(api: KubeApi) -> None:
    headers = {"impersonate-user": "jane", "user-agent": "kubectl"}
    known = api.authenticate(Request("GET", "/api/v1/nodes", {}, headers), certified=OWNER)
    assert isinstance(known, Request)
    api.handle(known)
    (entry,) = entries_of(api, OWNER)
    assert (entry.user, entry.acted_as, entry.code) == ("conformance", "jane", 403)
    assert entry.user_agent == "kubectl"


def test_a_log_that_dropped_something_says_so() -> None:
    log = AuditLog(limit=2)
    log.note(Request("GET", "/api/v1/nodes"), OK)
    log.note(Request("GET", "/api/v1/nodes/a", user=User("jane")), OK)
    assert [(entry.user, entry.verb) for entry in log.entries()] == [
        ("conformance", "list"),
        ("jane", "get"),
    ]
    log.note(Request("GET", "/version"), OK)
    with pytest.raises(AuditGap, match="the oldest 1 entries"):
        log.entries()


def test_lines_are_events_of_kubernetes(tmp_path: Path) -> None:
    log, path = AuditLog(), tmp_path / "audit.log"
    log.note(Request("GET", "/api/v1/nodes", {"watch": "true"}), OK)
    log.note(Request("PATCH", "/apis/apps/v1/namespaces/n/deployments/d/scale"), OK)
    log.note(Request("GET", "/version", user=User("jane"), actor=OWNER), OK)
    log.write(path)

    watch, patch, version = (json.loads(line) for line in path.read_text().splitlines())
    assert (watch["kind"], watch["apiVersion"], watch["level"]) == (
        "Event",
        "audit.k8s.io/v1",
        "Metadata",
    )
    assert (watch["stage"], watch["requestURI"]) == ("ResponseStarted", "/api/v1/nodes?watch=true")
    assert patch["objectRef"] == {
        "resource": "deployments",
        "namespace": "n",
        "name": "d",
        "apiGroup": "apps",
        "apiVersion": "v1",
        "subresource": "scale",
    }
    assert (version["user"]["username"], version["impersonatedUser"]["username"]) == (
        "conformance",
        "jane",
    )
    assert "objectRef" not in version
