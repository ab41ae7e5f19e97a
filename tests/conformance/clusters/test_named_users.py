"""Subjects with rights of their own, and the log of what they did, on both private backends."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from conformance.clusters.binaries import BinariesCluster
from conformance.clusters.embedded import EmbeddedBackend
from conformance.contracts.audit import AuditEntry
from conformance.contracts.clusters import Cluster, ClusterOptions
from conformance.contracts.kubernetes import (
    CONFIG_MAPS,
    NODES,
    AlreadyExists,
    ApiError,
    JsonObject,
    PatchType,
    Resource,
)
from conformance.kube_http import HttpKubeClient
from conformance.standing import Standing
from fake_cloud.kube_api.authorization.bootstrap_policy import KINDS, read_policy

NewParts = Callable[[str], Standing]

RBAC = "rbac.authorization.k8s.io"
CLUSTER_ROLES = Resource(RBAC, "v1", "clusterroles", "ClusterRole", namespaced=False)
BINDINGS = Resource(RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False)
SECRETS = Resource("", "v1", "secrets", "Secret", namespaced=True)

ACCOUNT = "system:serviceaccount:kube-system:controller"
GROUPS = ("system:serviceaccounts", "system:serviceaccounts:kube-system")


@pytest.fixture(
    params=["embedded", pytest.param("binaries", marks=pytest.mark.real)], scope="module"
)
def backend(request: pytest.FixtureRequest, new_parts: NewParts) -> Iterator[Cluster]:
    if request.param == "binaries":
        running: BinariesCluster = request.getfixturevalue("cluster")
        yield running
        return
    with EmbeddedBackend().start(ClusterOptions(), new_parts("named-users")) as embedded:
        yield embedded


def grant(backend: Cluster, name: str, user: str) -> None:
    rules = [
        {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch", "patch"]},
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]},
    ]
    role = {"metadata": {"name": name}, "rules": rules}
    binding = {
        "metadata": {"name": name},
        "subjects": [{"kind": "User", "name": user, "apiGroup": RBAC}],
        "roleRef": {"kind": "ClusterRole", "name": name, "apiGroup": RBAC},
    }
    backend.kube.create(CLUSTER_ROLES, role)
    backend.kube.create(BINDINGS, binding)


def until_allowed(kube: HttpKubeClient) -> None:
    """A real API server reads new roles from its own watch."""
    for _ in range(1000):
        try:
            kube.list(NODES)
        except ApiError:
            continue
        return
    raise AssertionError("the role never counted")


def kubeconfig_for(backend: Cluster, user: str, groups: tuple[str, ...] = ()) -> Path:
    found = backend.kubeconfig_for(user, groups)
    assert found is not None
    return found


def entries_of(backend: Cluster, user: str) -> list[AuditEntry]:
    assert backend.audit is not None
    return [entry for entry in backend.audit.entries() if entry.user == user]


def test_a_subject_has_the_rights_of_its_role_alone(backend: Cluster) -> None:
    grant(backend, "narrow", ACCOUNT)
    path = kubeconfig_for(backend, ACCOUNT, GROUPS)

    assert path.stat().st_mode & 0o077 == 0
    with closing(HttpKubeClient(path)) as kube:
        until_allowed(kube)
        with pytest.raises(ApiError, match="cannot delete resource"):
            kube.delete(NODES, "nobody")
        with pytest.raises(ApiError) as refused:
            kube.list(SECRETS, "kube-system")
    assert refused.value.message == (
        f'secrets is forbidden: User "{ACCOUNT}" cannot list resource "secrets" in API group "" in '
        'the namespace "kube-system"'
    )


def test_its_requests_can_be_disturbed(backend: Cluster) -> None:
    assert backend.disturbance is not None
    with closing(HttpKubeClient(kubeconfig_for(backend, "root", ("system:masters",)))) as kube:
        with backend.disturbance.refuse(verb="list", resource="nodes", code=409):
            with pytest.raises(ApiError, match="409"):
                kube.list(NODES)
        kube.list(NODES)


def test_users_do_not_become_each_other(backend: Cluster) -> None:
    grant(backend, "first", "first")
    with closing(HttpKubeClient(kubeconfig_for(backend, "first"))) as first:
        until_allowed(first)
        with closing(HttpKubeClient(kubeconfig_for(backend, "second"))) as second:
            with pytest.raises(ApiError, match='User "second" cannot list'):
                second.list(NODES)
        first.list(NODES)


def test_a_token_that_a_subject_asked_for_is_taken_at_the_same_address(
    backend: Cluster, tmp_path: Path
) -> None:
    name = f"worker-{uuid.uuid4().hex[:8]}"
    accounts = Resource("", "v1", "serviceaccounts", "ServiceAccount", namespaced=True)
    tokens = replace(accounts, plural=f"serviceaccounts/{name}/token")
    backend.kube.create(accounts, {"metadata": {"name": name}}, "default")
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    root = kubeconfig_for(backend, "root", ("system:masters",))
    with closing(HttpKubeClient(root)) as kube:
        token = kube.create(tokens, asked, "default")["status"]["token"]
    content = yaml.safe_load(root.read_text())
    content["users"][0]["user"] = {"token": token}
    path = tmp_path / "worker.kubeconfig"
    path.write_text(yaml.safe_dump(content))
    with closing(HttpKubeClient(path)) as worker:
        with pytest.raises(ApiError, match=f'User "system:serviceaccount:default:{name}" cannot'):
            worker.list(NODES)


WRITES = [
    AuditEntry("auditor", "create", 201, resource="configmaps", namespace="default", name="a"),
    AuditEntry("auditor", "create", 409, resource="configmaps", namespace="default", name="a"),
    AuditEntry("auditor", "create", 201, resource="configmaps", namespace="default"),
    AuditEntry("auditor", "patch", 404, resource="nodes", name="nobody"),
    AuditEntry("auditor", "patch", 403, resource="nodes", subresource="status", name="nobody"),
    AuditEntry("auditor", "delete", 403, resource="nodes", name="nobody"),
]


def test_both_backends_log_the_same_requests_alike(backend: Cluster) -> None:
    grant(backend, "audited", "auditor")
    with closing(HttpKubeClient(kubeconfig_for(backend, "auditor"))) as kube:
        until_allowed(kube)
        before = len(entries_of(backend, "auditor"))
        kube.create(CONFIG_MAPS, {"metadata": {"name": "a"}}, "default")
        with pytest.raises(AlreadyExists):
            kube.create(CONFIG_MAPS, {"metadata": {"name": "a"}}, "default")
        kube.create(CONFIG_MAPS, {"metadata": {"generateName": "b-"}}, "default")
        for below in ("", "status"):
            with pytest.raises(ApiError):
                kube.patch(NODES, "nobody", {}, patch_type=PatchType.MERGE, subresource=below)
        with pytest.raises(ApiError):
            kube.delete(NODES, "nobody")
        kube.list(NODES, field_selector="metadata.name=a")
        kube.watch(NODES).close()
        kube.version()
    seen = entries_of(backend, "auditor")[before:]

    assert {bool(entry.user_agent) for entry in seen} == {True}
    plain = [without_agent(entry) for entry in seen]
    assert [entry for entry in plain if entry.writes] == WRITES
    assert [entry for entry in plain if not entry.writes] == [
        AuditEntry("auditor", "list", 200, resource="nodes", name="a"),
        AuditEntry("auditor", "watch", 200, resource="nodes"),
        AuditEntry("auditor", "get", 200, path="/version"),
    ]


def without_agent(entry: AuditEntry) -> AuditEntry:
    return replace(entry, user_agent="")


def test_credentials_that_nobody_issued_are_nobody_s_in_the_log(
    backend: Cluster, tmp_path: Path
) -> None:
    before = len(entries_of(backend, ""))
    content = yaml.safe_load(kubeconfig_for(backend, "x").read_text())
    content["users"][0]["user"] = {"token": "nonsense"}
    path = tmp_path / "stranger.kubeconfig"
    path.write_text(yaml.safe_dump(content))
    with closing(HttpKubeClient(path)) as stranger:
        with pytest.raises(ApiError, match="401 Unauthorized"):
            stranger.get(NODES, "a")
    seen = [without_agent(entry) for entry in entries_of(backend, "")[before:]]
    assert seen == [AuditEntry("", "get", 401, resource="nodes", name="a")]


def test_we_and_the_subject_are_told_apart(backend: Cluster) -> None:
    backend.kube.list(CONFIG_MAPS, "kube-public")
    backend.subject_kube.list(CONFIG_MAPS, "kube-node-lease")
    assert backend.audit is not None
    places = {(e.user, e.namespace) for e in backend.audit.entries() if e.resource == "configmaps"}

    assert ("conformance", "kube-public") in places
    assert ("conformance:subject", "kube-node-lease") in places


@pytest.mark.real
def test_a_new_embedded_api_has_the_roles_of_a_real_one(cluster: BinariesCluster) -> None:
    """But for the rules of aggregated roles: nobody fills them on `binaries`."""
    minor = ".".join(cluster.version.lstrip("v").split(".")[:2])
    policy = read_policy(minor)
    for kind in KINDS:
        ours = {_place(item): item for item in policy[kind.plural]}
        theirs = {_place(item): item for item in cluster.kube.list(kind)["items"]}
        made_here = {place for place in theirs if place not in ours}
        assert made_here <= {("", name) for name in ("narrow", "first", "audited")}
        for place, item in ours.items():
            for part in ("rules", "subjects", "roleRef", "aggregationRule"):
                if part != "rules" or not item.get("aggregationRule"):
                    assert item.get(part) == theirs[place].get(part)


def _place(item: JsonObject) -> tuple[str, str]:
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]
