"""What a server has from its start: namespaces, classes of system pods, and its own Service.

Does what pkg/controlplane/controller/systemnamespaces and kubernetesservice, and
pkg/registry/scheduling/rest, do.
"""

from __future__ import annotations

import ipaddress

from conformance.contracts.kubernetes import NAMESPACES, SERVICES, KubeClient, Resource

PRIORITY_CLASSES = Resource(
    "scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", namespaced=False
)
CLASSES = (
    (
        "system-node-critical",
        2000001000,
        "not be moved from their current node.",
    ),
    (
        "system-cluster-critical",
        2000000000,
        "run in the cluster, but can be moved to another node if necessary.",
    ),
)
NAMES = ("default", "kube-system", "kube-public", "kube-node-lease")


def bootstrap(client: KubeClient, service_range: str) -> None:
    """The Service takes the first address of the range."""
    for name in NAMES:
        client.create(NAMESPACES, {"metadata": {"name": name}})
    labels = {"component": "apiserver", "provider": "kubernetes"}
    port = {"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}
    spec = {"clusterIP": str(ipaddress.ip_network(service_range)[1]), "ports": [port]}
    body = {"metadata": {"name": "kubernetes", "labels": labels}, "spec": spec}
    client.create(SERVICES, body, "default")
    for name, value, what in CLASSES:
        description = f"Used for system critical pods that must {what}"
        body = {"metadata": {"name": name}, "value": value, "description": description}
        client.create(PRIORITY_CLASSES, body)
