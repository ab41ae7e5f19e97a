"""kubectl commands that write."""

from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import NODES, KubeClient
from tests.fake_cloud.kube_api.kubectl.program import Kubectl

MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: one, labels: {{size: {size}}}}}
data: {{{data}}}
"""


@pytest.fixture
def config(kubectl: Kubectl) -> Kubectl:
    """There is a ConfigMap `one` in its namespace."""
    kubectl("create", "configmap", "one", "--from-literal=key=value")
    return kubectl


def test_configmaps_are_created(config: Kubectl) -> None:
    assert config.read("cm", "one")["data"] == {"key": "value"}
    assert "already exists" in config("create", "configmap", "one", code=1)


def test_namespaces_are_created(kubectl: Kubectl, name: str) -> None:
    kubectl("create", "namespace", f"new-{name}")
    assert kubectl.read("ns", f"new-{name}")["status"]["phase"] == "Active"


def test_deployments_are_created(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "one", "--image=example.com/app", "--replicas=2")
    row = kubectl("get", "deployment", "one", "--no-headers").split()
    assert row[:4] == ["one", "0/2", "0", "0"]


def test_manifests_are_applied_by_the_client(kubectl: Kubectl) -> None:
    for size, data, said in (
        ("small", "a: b, c: d", "created"),
        ("small", "a: b, c: d", "unchanged"),
        ("large", "a: e", "configured"),
    ):
        manifest = MANIFEST.format(size=size, data=data)
        assert said in kubectl("apply", "-f", "-", stdin=manifest)
    found = kubectl.read("cm", "one")
    assert (found["data"], found["metadata"]["labels"]) == ({"a": "e"}, {"size": "large"})


def test_unknown_fields_are_refused(kubectl: Kubectl) -> None:
    manifest = MANIFEST.format(size="small", data="a: b") + "typo: 1\n"
    assert 'unknown field "typo"' in kubectl("apply", "-f", "-", stdin=manifest, code=1)


def test_a_dry_run_stores_nothing(kubectl: Kubectl) -> None:
    manifest = MANIFEST.format(size="small", data="a: b")
    assert "server dry run" in kubectl("apply", "--dry-run=server", "-f", "-", stdin=manifest)
    assert "NotFound" in kubectl("get", "cm", "one", code=1)


def test_differences_are_shown(config: Kubectl) -> None:
    manifest = MANIFEST.format(size="small", data="key: other")
    assert "+  key: other" in config("diff", "-f", "-", stdin=manifest, code=1)


def test_objects_are_replaced(config: Kubectl) -> None:
    config("replace", "-f", "-", stdin=MANIFEST.format(size="small", data="a: b"))
    assert config.read("cm", "one")["data"] == {"a": "b"}


def test_labels_and_annotations_are_set_and_removed(config: Kubectl) -> None:
    for command in ("label", "annotate"):
        config(command, "cm", "one", "a=b", "c=d")
        assert "already has a value" in config(command, "cm", "one", "a=e", code=1)
        config(command, "cm", "one", "a=e", "c-", "--overwrite")
    metadata = config.read("cm", "one")["metadata"]
    assert (metadata["labels"], metadata["annotations"]) == ({"a": "e"}, {"a": "e"})


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("strategic", '{"data": {"a": "b"}}'),
        ("merge", '{"data": {"a": "b"}}'),
        ("json", '[{"op": "add", "path": "/data/a", "value": "b"}]'),
    ],
)
def test_objects_are_patched(config: Kubectl, kind: str, patch: str) -> None:
    config("patch", "cm", "one", f"--type={kind}", f"--patch={patch}")
    assert config.read("cm", "one")["data"] == {"key": "value", "a": "b"}


def test_nodes_are_tainted_and_freed(kubectl: Kubectl, node_name: str) -> None:
    kubectl("taint", "node", node_name, "a=b:NoSchedule")
    taints = kubectl.read("node", node_name)["spec"]["taints"]
    assert {"key": "a", "value": "b", "effect": "NoSchedule"} in taints
    kubectl("taint", "node", node_name, "a:NoSchedule-")
    assert "a" not in [one["key"] for one in kubectl.read("node", node_name)["spec"]["taints"]]


def test_nodes_are_cordoned_and_uncordoned(kubectl: Kubectl, node_name: str) -> None:
    kubectl("cordon", node_name)
    assert kubectl.read("node", node_name)["spec"]["unschedulable"] is True
    kubectl("uncordon", node_name)
    assert "unschedulable" not in kubectl.read("node", node_name)["spec"]


def test_a_node_without_pods_is_drained(kubectl: Kubectl, node_name: str) -> None:
    assert f"node/{node_name} drained" in kubectl("drain", node_name)


def test_conditions_are_waited_for(kubectl: Kubectl, kube: KubeClient, node_name: str) -> None:
    waiting = kubectl.start("wait", f"node/{node_name}", "--for=condition=Ready", "--timeout=60s")
    ready = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    kube.patch(NODES, node_name, ready, subresource="status")
    said, _ = waiting.communicate(timeout=60)
    assert (waiting.returncode, said) == (0, f"node/{node_name} condition met\n")


def test_a_condition_that_does_not_come_is_given_up(kubectl: Kubectl, node_name: str) -> None:
    arguments = (f"node/{node_name}", "--for=condition=Ready", "--timeout=1s")
    assert "timed out waiting" in kubectl("wait", *arguments, code=1)


def test_deletion_is_waited_for(config: Kubectl) -> None:
    waiting = config.start("wait", "cm/one", "--for=delete", "--timeout=60s")
    config("delete", "cm", "one")
    waiting.communicate(timeout=60)
    assert waiting.returncode == 0


def test_a_namespace_is_deleted_with_all_that_is_in_it(config: Kubectl) -> None:
    assert "deleted" in config("delete", "namespace", config.namespace)
    assert "NotFound" in config("get", "ns", config.namespace, code=1)


def test_many_are_deleted_by_label(kubectl: Kubectl) -> None:
    for name in ("one", "two"):
        kubectl("create", "configmap", name)
    kubectl("label", "cm", "--all", "a=b")
    kubectl("delete", "cm", "-l", "a=b")
    assert "No resources found" in kubectl("get", "cm", "-l", "a=b")


def test_pods_are_evicted_from_a_drained_node(kubectl: Kubectl, node_name: str) -> None:
    override = f'{{"spec": {{"nodeName": "{node_name}"}}}}'
    kubectl("run", "one", "--image=example.com/app", f"--overrides={override}")
    assert "declare no controller" in kubectl("drain", node_name, code=1)
    said = kubectl("drain", node_name, "--force", "--grace-period=0")
    assert "pod/one evicted" in said
    assert "NotFound" in kubectl("get", "pod", "one", code=1)
