"""kubectl commands that change nothing."""

from __future__ import annotations

import yaml

from conformance.contracts.kubernetes import CONFIG_MAPS, KubeClient
from tests.fake_cloud.kube_api.kubectl.program import Kubectl
from tests.fake_cloud.kube_api.objects import config_map


def test_version_names_both_sides(kubectl: Kubectl) -> None:
    assert "+embedded" in kubectl("version")


def test_api_resources_have_short_names_and_groups(kubectl: Kubectl) -> None:
    lines = kubectl("api-resources").splitlines()
    assert any(line.split() == ["nodes", "no", "v1", "false", "Node"] for line in lines)
    assert "leases.coordination.k8s.io" in kubectl("api-resources", "-o", "name")
    assert "deployments.apps" in kubectl("api-resources", "-o", "name", "--categories=all")


def test_api_versions_are_listed(kubectl: Kubectl) -> None:
    assert "coordination.k8s.io/v1" in kubectl("api-versions").splitlines()


def test_nodes_are_shown_as_a_table(kubectl: Kubectl, node_name: str) -> None:
    head, row = kubectl("get", "node", node_name).splitlines()
    assert head.split() == ["NAME", "STATUS", "ROLES", "AGE", "VERSION"]
    assert row.split()[:3] == [node_name, "Unknown", "<none>"]


def test_wide_output_has_more_columns(kubectl: Kubectl, node_name: str) -> None:
    head = kubectl("get", "no", node_name, "-o", "wide").splitlines()[0]
    assert "INTERNAL-IP" in head
    assert "CONTAINER-RUNTIME" in head


def test_yaml_and_paths_give_the_object(kubectl: Kubectl, node_name: str) -> None:
    assert yaml.safe_load(kubectl("get", "no", node_name, "-o", "yaml"))["kind"] == "Node"
    path = "jsonpath={.metadata.name}"
    assert kubectl("get", "no", node_name, "-o", path) == node_name


def test_names_are_enough(kubectl: Kubectl, node_name: str) -> None:
    assert f"node/{node_name}" in kubectl("get", "nodes", "-o", "name").splitlines()


def test_everything_is_shown_by_category(kubectl: Kubectl) -> None:
    assert "service/kubernetes" in kubectl("get", "all", "--all-namespaces")


def test_what_is_not_there_is_an_error(kubectl: Kubectl) -> None:
    assert "NotFound" in kubectl("get", "cm", "nobody", code=1)
    assert "No resources found" in kubectl("get", "deployments")


def test_watching_shows_what_happens(kubectl: Kubectl, kube: KubeClient) -> None:
    kube.create(CONFIG_MAPS, config_map("first"), namespace=kubectl.namespace)
    watching = kubectl.start("get", "configmaps", "--watch", "--no-headers")
    try:
        assert watching.stdout is not None
        assert watching.stdout.readline().split()[:2] == ["first", "1"]
        kube.create(CONFIG_MAPS, config_map("second"), namespace=kubectl.namespace)
        assert watching.stdout.readline().split()[:2] == ["second", "1"]
    finally:
        watching.kill()
        watching.communicate()


def test_nodes_are_described(kubectl: Kubectl, node_name: str) -> None:
    said = kubectl("describe", "node", node_name)
    assert f"Name:               {node_name}" in said
    assert "Unschedulable:      false" in said


def test_services_are_described(kubectl: Kubectl) -> None:
    kubectl("create", "service", "clusterip", "one", "--tcp=80:8080")
    assert "TargetPort:               8080/TCP" in kubectl("describe", "service", "one")


def test_types_are_explained(kubectl: Kubectl) -> None:
    said = kubectl("explain", "node.spec.taints")
    assert "FIELD: taints <[]Taint>" in said
    assert "effect\t<string> -required-" in said
    assert "VERSION:    v1" in kubectl("explain", "deployment", "--recursive")


def test_health_can_be_asked_raw(kubectl: Kubectl) -> None:
    assert "readyz check passed" in kubectl("get", "--raw", "/readyz?verbose")
