"""What a server has from its start: namespaces, and the Service through which it is reached.

Does what pkg/controlplane/controller/systemnamespaces and kubernetesservice do.
"""

from __future__ import annotations

import ipaddress

from conformance.contracts.kubernetes import NAMESPACES, SERVICES, KubeClient

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
