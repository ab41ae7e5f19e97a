"""Verb, resource, name and subresource are read from method and URL."""

from __future__ import annotations

import pytest

from conformance.clusters.requests import Request, describe

NODE = "/api/v1/nodes/a"
LEASE = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/ccm"


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "/api/v1/nodes", Request("list", "nodes", "", "")),
        ("GET", "/api/v1/nodes?watch=true&x=1", Request("watch", "nodes", "", "")),
        ("GET", "/api/v1/nodes?watch=1", Request("watch", "nodes", "", "")),
        ("GET", "/api/v1/nodes?watch=false", Request("list", "nodes", "", "")),
        ("GET", NODE, Request("get", "nodes", "a", "")),
        ("PATCH", f"{NODE}/status", Request("patch", "nodes", "a", "status")),
        ("PUT", LEASE, Request("update", "leases", "ccm", "")),
        ("POST", "/api/v1/namespaces/x/events", Request("create", "events", "", "")),
        ("DELETE", NODE, Request("delete", "nodes", "a", "")),
        ("DELETE", "/api/v1/nodes", Request("deletecollection", "nodes", "", "")),
        ("GET", "/api/v1/namespaces/x", Request("get", "namespaces", "x", "")),
        ("PUT", "/api/v1/namespaces/x/finalize", Request("update", "namespaces", "x", "finalize")),
        ("GET", "/api/v1/nodes/a%20b", Request("get", "nodes", "a b", "")),
        ("GET", "/healthz", Request("get", "", "/healthz", "")),
        ("GET", "/apis", Request("get", "", "/apis", "")),
        ("GET", "/apis/apps/v1", Request("get", "", "/apis/apps/v1", "")),
        ("GET", "/", Request("get", "", "/", "")),
    ],
)
def test_what_a_request_is_about(method: str, target: str, expected: Request) -> None:
    assert describe(method, target) == expected
