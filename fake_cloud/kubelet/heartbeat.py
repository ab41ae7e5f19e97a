"""Keeps nodes alive on clusters where somebody watches their heartbeats."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime

from conformance.contracts.kubernetes import (
    LEASES,
    NODES,
    AlreadyExists,
    ApiError,
    ApiUnreachable,
    JsonObject,
    KubeClient,
)
from fake_cloud.kubelet.node_object import timestamp

LEASE_NAMESPACE = "kube-node-lease"
LEASE_SECONDS = 40
"""`nodeLeaseDurationSeconds` of KubeletConfiguration v1beta1."""
RENEW_PERIOD = LEASE_SECONDS / 4
"""Seconds; the share of pkg/kubelet/kubelet.go `nodeLeaseRenewIntervalFraction`."""


class Heartbeat:
    """Renews the leases and Ready heartbeats of its nodes on a thread of its own, until closed."""

    def __init__(self, kube: KubeClient, period: float = RENEW_PERIOD) -> None:
        self._kube = kube
        self._period = period
        self._nodes: dict[str, JsonObject] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def keep(self, name: str, ready: JsonObject) -> None:
        """Make the node's lease and renew it and this Ready condition from now on."""
        with self._lock:
            self._nodes[name] = ready
        lease = _lease(self._kube.get(NODES, name)["metadata"])
        with suppress(AlreadyExists):
            self._kube.create(LEASES, lease, LEASE_NAMESPACE)

    def drop(self, name: str) -> None:
        """Stop renewing; the lease stays as it was."""
        with self._lock:
            self._nodes.pop(name, None)

    def close(self) -> None:
        """Stop renewing anything and remove the leases that were kept."""
        self._closed.set()
        self._thread.join()
        for name in list(self._nodes):
            with suppress(ApiError, ApiUnreachable):
                self._kube.delete(LEASES, name, LEASE_NAMESPACE)

    def renew(self) -> None:
        """One round over all nodes; what fails now is renewed in the next round."""
        with self._lock:
            nodes = dict(self._nodes)
        for name, ready in nodes.items():
            beat = {**ready, "lastHeartbeatTime": timestamp()}
            with suppress(ApiError, ApiUnreachable):
                self._kube.patch(
                    LEASES, name, {"spec": {"renewTime": _micro_time()}}, LEASE_NAMESPACE
                )
                self._kube.patch(
                    NODES, name, {"status": {"conditions": [beat]}}, subresource="status"
                )

    def _run(self) -> None:
        while not self._closed.wait(self._period):
            self.renew()


def _lease(node: JsonObject) -> JsonObject:
    """Owned by the node, so that it goes with it (pkg/kubelet/util/nodelease.go)."""
    name = node["name"]
    owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": node["uid"]}
    return {
        "apiVersion": LEASES.api_version,
        "kind": "Lease",
        "metadata": {"name": name, "namespace": LEASE_NAMESPACE, "ownerReferences": [owner]},
        "spec": {
            "holderIdentity": name,
            "leaseDurationSeconds": LEASE_SECONDS,
            "renewTime": _micro_time(),
        },
    }


def _micro_time() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
