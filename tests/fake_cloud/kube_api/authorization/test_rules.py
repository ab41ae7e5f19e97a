"""Rules of RBAC, alone."""

from __future__ import annotations

import pytest

from fake_cloud.kube_api.authentication.user import NOBODY
from fake_cloud.kube_api.authorization.attributes import Attributes
from fake_cloud.kube_api.authorization.rules import Rule, missing

NODES = Rule(("get", "list"), ("",), ("nodes", "pods/status"))
SCALES = Rule(("*",), ("*",), ("*/scale",))
NAMED = Rule(("get",), ("",), ("secrets",), ("one",))
PATHS = Rule(("get",), non_resource_urls=("/logs/*", "/metrics"))


def wanted(verb: str, resource: str = "", **more: str) -> Attributes:
    plural, _, below = resource.partition("/")
    return Attributes(NOBODY, verb, resource=plural, subresource=below, **more)


@pytest.mark.parametrize(
    ("rule", "request_"),
    [
        (NODES, wanted("get", "nodes")),
        (NODES, wanted("list", "pods/status")),
        (SCALES, wanted("patch", "deployments/scale", group="apps")),
        (NAMED, wanted("get", "secrets", name="one")),
        (PATHS, wanted("get", path="/logs/kube.log")),
        (PATHS, wanted("get", path="/metrics")),
    ],
)
def test_allowed(rule: Rule, request_: Attributes) -> None:
    assert rule.allows(request_)


@pytest.mark.parametrize(
    ("rule", "request_"),
    [
        (NODES, wanted("delete", "nodes")),
        (NODES, wanted("get", "nodes/status")),
        (NODES, wanted("get", "pods")),
        (NODES, wanted("get", "nodes", group="metrics.k8s.io")),
        (SCALES, wanted("get", "deployments", group="apps")),
        (NAMED, wanted("get", "secrets")),
        (NAMED, wanted("get", "secrets", name="two")),
        (PATHS, wanted("post", path="/metrics")),
        (PATHS, wanted("get", path="/metrics/more")),
        (Rule(("*",), ("*",), ("*",)), wanted("get", path="/metrics")),
    ],
)
def test_not_allowed(rule: Rule, request_: Attributes) -> None:
    assert not rule.allows(request_)


@pytest.mark.parametrize(
    ("held", "rule", "lacking"),
    [
        (NODES, Rule(("get",), ("",), ("nodes",), ("a",)), []),
        (NODES, Rule(("get", "patch", "delete"), ("",), ("nodes",)), ['Verbs:["patch" "delete"]']),
        (NAMED, Rule(("get",), ("",), ("secrets",), ("one", "two")), ['ResourceNames:["two"]']),
        (NAMED, Rule(("get",), ("",), ("secrets",)), ['Resources:["secrets"]']),
        (SCALES, Rule(("get",), ("apps",), ("deployments/scale",)), []),
        (SCALES, Rule(("get",), ("apps",), ("deployments",)), ['APIGroups:["apps"]']),
        (PATHS, Rule(("get",), non_resource_urls=("/logs/a", "/logs")), ['["/logs"]']),
    ],
)
def test_what_is_missing(held: Rule, rule: Rule, lacking: list[str]) -> None:
    found = [str(one) for one in missing([held], [rule])]
    assert len(found) == len(lacking)
    assert all(part in text for part, text in zip(lacking, found, strict=True))
