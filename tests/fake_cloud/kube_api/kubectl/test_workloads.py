"""kubectl commands about deployments."""

from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import KubeClient, PatchType, Resource
from tests.fake_cloud.kube_api.kubectl.program import Kubectl

DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment", namespaced=True)


@pytest.fixture
def deployed(kubectl: Kubectl) -> Kubectl:
    """There is a Deployment `one` in its namespace."""
    kubectl("create", "deployment", "one", "--image=example.com/app")
    return kubectl


def test_deployments_are_scaled(deployed: Kubectl) -> None:
    deployed("scale", "deployment/one", "--replicas=3", "--current-replicas=1")
    assert deployed.read("deployment", "one")["spec"]["replicas"] == 3
    said = deployed("scale", "deployment/one", "--replicas=3", "--current-replicas=1", code=1)
    assert "Expected replicas to be 1, was 3" in said


def test_a_rollout_is_followed_to_its_end(deployed: Kubectl, kube: KubeClient) -> None:
    assert "Waiting" in deployed("rollout", "status", "deployment/one", "--watch=false")
    waiting = deployed.start("rollout", "status", "deployment/one", "--timeout=60s")
    status = {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    kube.patch(
        DEPLOYMENTS,
        "one",
        {"status": status},
        deployed.namespace,
        patch_type=PatchType.MERGE,
        subresource="status",
    )
    said, _ = waiting.communicate(timeout=60)
    assert (waiting.returncode, "successfully rolled out" in said) == (0, True)


def test_images_are_set(deployed: Kubectl) -> None:
    deployed("set", "image", "deployment/one", "app=example.com/app:2")
    assert "example.com/app:2" in deployed("get", "deployment", "one", "-o", "wide")


def test_deployments_are_exposed(deployed: Kubectl) -> None:
    deployed("expose", "deployment", "one", "--port=80", "--type=LoadBalancer")
    row = deployed("get", "service", "one", "--no-headers").split()
    assert (row[1], row[3]) == ("LoadBalancer", "<pending>")
