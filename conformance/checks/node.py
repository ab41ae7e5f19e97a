"""A node that a check made: the Node object as the watch shows it, and the instance behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.contracts.instances import Instance
from conformance.contracts.kubernetes import NODES, JsonObject, WatchType
from conformance.timeline import ObjectKey, Timeline

UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized"
"""Taint of a kubelet with an external provider (k8s.io/cloud-provider api/well_known_taints.go)."""

SHUTDOWN = "node.cloudprovider.kubernetes.io/shutdown"
"""Taint of a node whose instance is stopped (k8s.io/cloud-provider api/well_known_taints.go)."""

PROVIDED_NODE_IP = "alpha.kubernetes.io/provided-node-ip"
"""Annotation with the kubelet's --node-ip (k8s.io/cloud-provider api/well_known_annotations.go)."""

INSTANCE_TYPE = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
ZONE = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
REGION = ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region")
"""GA and beta label keys (k8s.io/api core/v1/well_known_labels.go)."""

SERVER_TAINTS = ("node.kubernetes.io/",)
"""Prefixes of taints that the API server itself adds (plugin/pkg/admission/nodetaint)."""


GONE = WatchType.DELETED


@dataclass(frozen=True, slots=True)
class Node:
    """Handle for one Node object; every property reads the Timeline, never the server.

    `since` is the Timeline position at which this node was about to register: an earlier object
    of the same name is not this node.
    """

    name: str
    timeline: Timeline
    instance: Instance | None = None
    since: int = 0

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(NODES, self.name)

    @property
    def object(self) -> JsonObject | None:
        """The Node as last seen, None when absent."""
        versions = self.timeline.versions(self.key, self.since)
        return versions[-1].object if versions and versions[-1].type is not GONE else None

    @property
    def present(self) -> JsonObject:
        """The Node as last seen; an empty one when absent, so that expectations are refuted."""
        return self.object or {"metadata": {"name": self.name}, "spec": {}, "status": {}}

    @property
    def backing(self) -> Instance:
        """The instance behind this node; a check that asks must have made one."""
        if self.instance is None:
            raise LookupError(f"node {self.name} was joined without an instance")
        return self.instance

    @property
    def uid(self) -> str:
        return str(self.present["metadata"].get("uid", ""))

    @property
    def labels(self) -> Mapping[str, str]:
        return dict(self.present["metadata"].get("labels", {}))

    @property
    def provider_id(self) -> str:
        return provider_id(self.present)

    @property
    def addresses(self) -> list[tuple[str, str]]:
        return addresses(self.present)

    def versions(self) -> list[JsonObject]:
        """Every state since it registered, in the order of the watch."""
        seen = self.timeline.versions(self.key, self.since)
        return [version.object for version in seen if version.type is not GONE]


def provider_id(node: JsonObject) -> str:
    """`spec.providerID`, empty when unset."""
    return str(node.get("spec", {}).get("providerID", ""))


def addresses(node: JsonObject) -> list[tuple[str, str]]:
    """`status.addresses` as (type, address) pairs in their order."""
    listed = node.get("status", {}).get("addresses") or ()
    return [(entry["type"], entry["address"]) for entry in listed]


def ready_status(node: JsonObject) -> str:
    """Status of the Ready condition, empty where none was ever written."""
    conditions = node.get("status", {}).get("conditions") or ()
    return next((str(one["status"]) for one in conditions if one["type"] == "Ready"), "")


def taints(node: JsonObject, key: str) -> list[JsonObject]:
    """Every taint with this key."""
    return [taint for taint in node.get("spec", {}).get("taints") or () if taint["key"] == key]


def other_taints(node: JsonObject, *keys: str) -> list[JsonObject]:
    """Taints that are neither of these keys nor the API server's own."""
    listed = node.get("spec", {}).get("taints") or ()
    return [t for t in listed if t["key"] not in keys and not t["key"].startswith(SERVER_TAINTS)]


def topology_labels(node: JsonObject) -> dict[str, str]:
    """Those of the six instance type, zone and region labels that the node has."""
    keys = (*INSTANCE_TYPE, *ZONE, *REGION)
    return {k: v for k, v in node["metadata"].get("labels", {}).items() if k in keys}


def is_initialized(node: JsonObject) -> bool:
    """Whether the uninitialized taint is gone."""
    return not taints(node, UNINITIALIZED)
