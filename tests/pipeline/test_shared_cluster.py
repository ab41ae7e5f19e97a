"""A run on somebody's cluster: every check is right there, and nothing foreign is touched."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from conformance.clusters.embedded import serve_embedded
from conformance.clusters.kubeconfig_file import CONTEXT
from conformance.contracts.kubernetes import NODES, SERVICES
from fake_cloud.kube_api.server import KubeApi
from tests.pipeline.conftest import command, finished

BYSTANDERS = (
    {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "theirs"},
        "spec": {"providerID": "fake:///theirs"},
        "status": {"conditions": [{"type": "Ready", "status": "False"}]},
    },
    {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "theirs", "namespace": "default"},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]},
    },
)


def test_both_settings_take_turns_and_bystanders_stay(tmp_path: Path) -> None:
    with closing(KubeApi()) as api, serve_embedded(api, tmp_path) as served:
        kube = api.client()
        node, service = BYSTANDERS
        before = [kube.create(NODES, node), kube.create(SERVICES, service, "default")]
        context = ("--context", CONTEXT, "--adopt-cluster", CONTEXT)
        cluster = ("--cluster", "kubeconfig", "--kubeconfig", str(served.kubeconfig), *context)
        words = ("run", "--provider", "fake", "--focus", "life.*", *cluster)
        ran = finished(tmp_path, command(tmp_path / "results", *words), tmp_path / "results")
        after = [kube.get(NODES, "theirs"), kube.get(SERVICES, "theirs", "default")]
        left = [one["metadata"]["name"] for one in kube.list(NODES)["items"]]
    assert ran.code == 0, ran.output
    assert {record["outcome"] for record in ran.records.values()} == {"passed"}
    settings = {row["setting"] for row in ran.lines[0]["plan"]["rows"]}
    assert settings == {"default", "address-period-long"}
    assert after == before
    assert left == ["theirs"]
