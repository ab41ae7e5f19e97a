"""Nodes that run for real on a cluster which was made for the run: the cloud must know them."""

from __future__ import annotations

from conformance.api import NODES, RUN_LABEL, AddressType, KubeClient
from fake_cloud.cloud import Owner


def register_nodes(owner: Owner, kube: KubeClient, run_id: str) -> None:
    """Make an instance of each node that carries the run's id, or the loops would delete them.

    They keep their addresses: the API server reaches their kubelets there.
    """
    for node in kube.list(NODES, label_selector=f"{RUN_LABEL}={run_id}")["items"]:
        addresses = node.get("status", {}).get("addresses", [])
        internal = [one["address"] for one in addresses if one["type"] == AddressType.INTERNAL_IP]
        owner.register(node["metadata"]["name"], internal)
