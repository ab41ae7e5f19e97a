"""The Node object as a kubelet with `--cloud-provider=external` registers it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from conformance.contracts.instances import Address, AddressType, NodeShape
from conformance.contracts.kubernetes import JsonObject

UNINITIALIZED = {
    "key": "node.cloudprovider.kubernetes.io/uninitialized",
    "value": "true",
    "effect": "NoSchedule",
}
"""Taint of k8s.io/cloud-provider/api; value and effect as pkg/kubelet/kubelet_node_status.go."""

PROVIDED_NODE_IP = "alpha.kubernetes.io/provided-node-ip"
"""Annotation of k8s.io/cloud-provider/api: what `--node-ip` said."""


def node_object(name: str, shape: NodeShape, labels: Mapping[str, str], version: str) -> JsonObject:
    """A complete Node for one POST; `labels` are added to the kubelet's own and the shape's."""
    annotations = dict(shape.annotations)
    if shape.provided_ip:
        annotations[PROVIDED_NODE_IP] = shape.provided_ip
    metadata: JsonObject = {
        "name": name,
        "labels": {**_own_labels(name), **labels, **shape.labels},
        "annotations": annotations,
    }
    if shape.finalizers:
        metadata["finalizers"] = list(shape.finalizers)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": metadata,
        "spec": _spec(shape),
        "status": node_status(name, shape, version),
    }


def _own_labels(name: str) -> dict[str, str]:
    return {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
    }


def _spec(shape: NodeShape) -> JsonObject:
    spec: JsonObject = {}
    taints = [UNINITIALIZED] if shape.tainted else []
    if taints or shape.taints:
        spec["taints"] = [dict(taint) for taint in (*taints, *shape.taints)]
    if shape.provider_id:
        spec["providerID"] = shape.provider_id
    if shape.pod_cidrs:
        spec["podCIDR"] = shape.pod_cidrs[0]
        spec["podCIDRs"] = list(shape.pod_cidrs)
    if shape.unschedulable:
        spec["unschedulable"] = True
    return spec


def node_status(name: str, shape: NodeShape, version: str) -> JsonObject:
    """What a kubelet reports of itself; only the host name, as addresses are the cloud's matter."""
    addresses = shape.addresses
    if addresses is None:
        addresses = (Address(AddressType.HOSTNAME, name),)
    room = {"cpu": "2", "memory": "4Gi", "pods": "110", "ephemeral-storage": "20Gi"}
    return {
        "addresses": [{"type": one.type.value, "address": one.address} for one in addresses],
        "capacity": room,
        "allocatable": dict(room),
        "conditions": [] if shape.ready is None else [ready_condition(shape.ready)],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "architecture": "amd64",
            "bootID": "",
            "containerRuntimeVersion": "none://0",
            "kernelVersion": "6.1.0",
            "kubeProxyVersion": "",
            "kubeletVersion": version,
            "machineID": name,
            "operatingSystem": "linux",
            "osImage": "kubelet stand-in",
            "systemUUID": name,
        },
    }


READY_WORDS: Mapping[bool | None, tuple[str, str, str]] = {
    True: ("True", "KubeletReady", "kubelet is posting ready status"),
    False: ("False", "KubeletNotReady", "container runtime is down"),
    None: ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
}
"""Status, reason and message: a kubelet's for True and False, the node lifecycle controller's."""


def ready_condition(ready: bool | None) -> JsonObject:
    """The Ready condition, changed now; None means Unknown."""
    status, reason, message = READY_WORDS[ready]
    now = timestamp()
    return {
        "type": "Ready",
        "status": status,
        "reason": reason,
        "message": message,
        "lastHeartbeatTime": now,
        "lastTransitionTime": now,
    }


def timestamp() -> str:
    """Now, in the format of metav1.Time."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
