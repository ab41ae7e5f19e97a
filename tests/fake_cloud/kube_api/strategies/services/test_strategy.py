from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.contracts.kubernetes import SERVICES, Invalid, KubeClient
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.objects import service


@pytest.fixture
def dual() -> Iterator[KubeClient]:
    api = KubeApi(service_ranges=("10.96.0.0/16", "fd00:10:96::/112"))
    yield api.client()
    api.close()


def test_a_service_gets_a_cluster_ip_and_defaults(kube: KubeClient) -> None:
    spec = kube.create(SERVICES, service(), "default")["spec"]
    assert ipaddress.ip_address(spec["clusterIP"]) in ipaddress.ip_network("10.96.0.0/16")
    assert spec["clusterIPs"] == [spec["clusterIP"]]
    assert spec["type"] == "ClusterIP"
    assert spec["sessionAffinity"] == "None"
    assert spec["internalTrafficPolicy"] == "Cluster"
    assert (spec["ipFamilies"], spec["ipFamilyPolicy"]) == (["IPv4"], "SingleStack")
    assert spec["ports"] == [{"protocol": "TCP", "port": 80, "targetPort": 80}]


def test_status_at_create_is_dropped(kube: KubeClient) -> None:
    body = {**service(), "status": {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}}
    assert kube.create(SERVICES, body, "default")["status"] == {"loadBalancer": {}}


def test_status_keeps_metadata_and_ignores_the_spec(kube: KubeClient) -> None:
    kube.create(SERVICES, service(type="LoadBalancer"), "default")
    patch = {
        "metadata": {"finalizers": ["service.kubernetes.io/load-balancer-cleanup"]},
        "spec": {"sessionAffinity": "ClientIP"},
        "status": {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}},
    }
    changed = kube.patch(SERVICES, "one", patch, "default", subresource="status")
    assert changed["metadata"]["finalizers"] == ["service.kubernetes.io/load-balancer-cleanup"]
    assert changed["spec"]["sessionAffinity"] == "None"
    assert changed["status"]["loadBalancer"]["ingress"] == [{"ip": "1.2.3.4", "ipMode": "VIP"}]


def test_removing_the_last_finalizer_through_status_ends_a_deleted_service(
    kube: KubeClient,
) -> None:
    body = service()
    body["metadata"]["finalizers"] = ["example.com/a"]
    kube.create(SERVICES, body, "default")
    kube.delete(SERVICES, "one", "default")
    patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/a"]}}
    kube.patch(SERVICES, "one", patch, "default", subresource="status")
    assert kube.list(SERVICES, "default", field_selector="metadata.name=one")["items"] == []


def test_load_balancers_get_node_ports_and_local_ones_a_health_check_port(
    kube: KubeClient,
) -> None:
    body = service(type="LoadBalancer", externalTrafficPolicy="Local")
    spec = kube.create(SERVICES, body, "default")["spec"]
    assert 30000 <= spec["ports"][0]["nodePort"] < 32768
    assert 30000 <= spec["healthCheckNodePort"] < 32768
    assert spec["allocateLoadBalancerNodePorts"] is True


def test_node_ports_can_be_declined(kube: KubeClient) -> None:
    body = service(type="LoadBalancer", allocateLoadBalancerNodePorts=False)
    assert "nodePort" not in kube.create(SERVICES, body, "default")["spec"]["ports"][0]


def test_a_taken_node_port_is_refused_and_free_again_after_a_change_of_type(
    kube: KubeClient,
) -> None:
    wanted: dict[str, Any] = {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}
    kube.create(SERVICES, service(**wanted), "default")
    with pytest.raises(Invalid, match="provided port is already allocated"):
        kube.create(SERVICES, service("two", **wanted), "default")
    kube.patch(SERVICES, "one", {"spec": {"type": "ClusterIP"}}, "default")
    kube.create(SERVICES, service("two", **wanted), "default")


def test_a_failed_create_takes_nothing(kube: KubeClient) -> None:
    ports = [{"port": 80, "nodePort": 30080, "name": "a"}, {"port": 80, "name": "a"}]
    with pytest.raises(Invalid):
        kube.create(SERVICES, service(type="NodePort", ports=ports), "default")
    kube.create(
        SERVICES, service(type="NodePort", ports=[{"port": 80, "nodePort": 30080}]), "default"
    )


def test_deleting_gives_addresses_back(kube: KubeClient) -> None:
    kube.create(SERVICES, service(clusterIP="10.96.0.77"), "default")
    kube.delete(SERVICES, "one", "default")
    kube.create(SERVICES, service(clusterIP="10.96.0.77"), "default")


def test_a_cluster_ip_may_not_change(kube: KubeClient) -> None:
    created = kube.create(SERVICES, service(), "default")
    created["spec"] |= {"clusterIP": "10.96.0.77", "clusterIPs": ["10.96.0.77"]}
    with pytest.raises(Invalid, match="may not change once set"):
        kube.replace(SERVICES, "one", created, "default")


def test_a_replace_need_not_repeat_what_was_allocated(kube: KubeClient) -> None:
    created = kube.create(SERVICES, service(type="LoadBalancer"), "default")
    assert kube.replace(SERVICES, "one", service(type="LoadBalancer"), "default") == created


def test_external_names_have_no_addresses(kube: KubeClient) -> None:
    kube.create(SERVICES, service(), "default")
    patch = {"spec": {"type": "ExternalName", "externalName": "example.com"}}
    spec = kube.patch(SERVICES, "one", patch, "default")["spec"]
    assert not {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"} & set(spec)


def test_headless_services_keep_none(kube: KubeClient) -> None:
    spec = kube.create(SERVICES, service(clusterIP="None", selector={"a": "b"}), "default")["spec"]
    assert spec["clusterIPs"] == ["None"]


def test_a_load_balancer_class_is_set_once(kube: KubeClient) -> None:
    body = service(type="LoadBalancer", loadBalancerClass="example.com/a")
    kube.create(SERVICES, body, "default")
    with pytest.raises(Invalid, match="may not change once set"):
        kube.patch(SERVICES, "one", {"spec": {"loadBalancerClass": "example.com/b"}}, "default")


def test_dual_stack_is_refused_on_a_single_stack_cluster(kube: KubeClient) -> None:
    with pytest.raises(Invalid, match="not configured for dual-stack"):
        kube.create(SERVICES, service(ipFamilyPolicy="RequireDualStack"), "default")


def test_dual_stack_gives_one_address_a_family(dual: KubeClient) -> None:
    spec = dual.create(SERVICES, service(ipFamilyPolicy="PreferDualStack"), "default")["spec"]
    assert spec["ipFamilies"] == ["IPv4", "IPv6"]
    assert [":" in ip for ip in spec["clusterIPs"]] == [False, True]
    patch = {"spec": {"ipFamilyPolicy": "SingleStack"}}
    assert len(dual.patch(SERVICES, "one", patch, "default")["spec"]["clusterIPs"]) == 1


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"ports": []}, "spec.ports"),
        ({"ports": [{"port": 0}]}, "spec.ports[0].port"),
        ({"ports": [{"port": 80}, {"port": 81}]}, "spec.ports[0].name"),
        ({"type": "Nonsense"}, "spec.type"),
        ({"sessionAffinity": "Nonsense"}, "spec.sessionAffinity"),
        ({"type": "ExternalName"}, "spec.externalName"),
        ({"loadBalancerClass": "example.com/a"}, "spec.loadBalancerClass"),
        ({"loadBalancerSourceRanges": ["10.0.0.0/8"]}, "spec.LoadBalancerSourceRanges"),
    ],
)
def test_bad_services_are_refused(kube: KubeClient, spec: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        kube.create(SERVICES, service(**spec), "default")
    assert field in [cause["field"] for cause in error.value.status["details"]["causes"]]
