"""The kubelet stand-in: registers nodes and reports Ready on any cluster; runs no pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from conformance.contracts.instances import NodeShape
from conformance.contracts.kubernetes import NODES, RUN_LABEL, AlreadyExists, JsonObject, KubeClient
from fake_cloud.kubelet.heartbeat import Heartbeat
from fake_cloud.kubelet.node_object import node_object, node_status, ready_condition


class KubeletStandIn:
    """`Kubelet` for any number of nodes on one cluster.

    `labels` are put on every node, `unmanaged_labels` on those that the provider must leave alone.
    `renew`: keep leases and heartbeats going; only clusters with a node lifecycle controller of
    their own need that. Every method raises `ApiError` and `ApiUnreachable`.
    """

    def __init__(
        self,
        kube: KubeClient,
        *,
        labels: Mapping[str, str] | None = None,
        unmanaged_labels: Mapping[str, str] | None = None,
        version: str = "v1.37.2",
        renew: bool = False,
    ) -> None:
        self._kube = kube
        self._labels = dict(labels or {})
        self._unmanaged_labels = dict(unmanaged_labels or {})
        self._version = version
        self._heartbeat = Heartbeat(kube) if renew else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._heartbeat is not None:
            self._heartbeat.close()

    def join(self, node_name: str, shape: NodeShape) -> None:
        """Register the node; one that is still registered only gets a fresh status.

        Raises `AlreadyExists` for a node of that name that carries another run's id, or none.
        """
        labels = self._labels | (self._unmanaged_labels if shape.unmanaged else {})
        try:
            self._kube.create(NODES, node_object(node_name, shape, labels, self._version))
        except AlreadyExists:
            if _run_of(self._kube.get(NODES, node_name)) != {**labels, **shape.labels}.get(
                RUN_LABEL
            ):
                raise
            status = node_status(node_name, shape, self._version)
            self._kube.patch(NODES, node_name, {"status": status}, subresource="status")
        if shape.ready is not None:
            self._keep(node_name, shape.ready)

    def set_ready(self, node_name: str, ready: bool | None) -> None:
        """Write the Ready condition; None is Unknown, as if the node had fallen silent."""
        patch = {"status": {"conditions": [ready_condition(ready)]}}
        self._kube.patch(NODES, node_name, patch, subresource="status")
        if ready is None:
            self.leave(node_name)
        else:
            self._keep(node_name, ready)

    def leave(self, node_name: str) -> None:
        """No more heartbeats; the Node object stays."""
        if self._heartbeat is not None:
            self._heartbeat.drop(node_name)

    def _keep(self, node_name: str, ready: bool) -> None:
        if self._heartbeat is not None:
            self._heartbeat.keep(node_name, ready_condition(ready))


def _run_of(node: JsonObject) -> str | None:
    """The id of the run that made it."""
    labels = node["metadata"].get("labels") or {}
    return labels.get(RUN_LABEL)
