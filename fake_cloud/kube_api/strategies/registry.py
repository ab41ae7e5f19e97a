"""Which strategy belongs to which resource."""

from __future__ import annotations

from fake_cloud.kube_api.custom_resources.definition_strategy import DefinitionStrategy
from fake_cloud.kube_api.custom_resources.strategy import CustomResourceStrategy
from fake_cloud.kube_api.strategies.event import EventStrategy
from fake_cloud.kube_api.strategies.generic import Strategy
from fake_cloud.kube_api.strategies.node import NodeStrategy
from fake_cloud.kube_api.strategies.secret import SecretStrategy
from fake_cloud.kube_api.strategies.service import ServiceStrategy
from fake_cloud.kube_api.strategies.service_ranges import ServiceRanges
from fake_cloud.kube_api.strategies.small_kinds import (
    ConfigMapStrategy,
    LeaseStrategy,
    NamespaceStrategy,
    PodStrategy,
    PutCreatesStrategy,
    RbacStrategy,
    StrictVersionStrategy,
    WithGenerationStrategy,
)
from fake_cloud.kube_api.strategies.volumes import ClaimStrategy, VolumeStrategy
from fake_cloud.kube_api.strategies.workloads import DeploymentStrategy, WorkloadStrategy
from fake_cloud.kube_api.types.table import ResourceType

STRATEGIES: dict[tuple[str, str], type[Strategy]] = {
    ("", "nodes"): NodeStrategy,
    ("", "namespaces"): NamespaceStrategy,
    ("", "configmaps"): ConfigMapStrategy,
    ("", "secrets"): SecretStrategy,
    ("", "events"): EventStrategy,
    ("events.k8s.io", "events"): EventStrategy,
    ("", "pods"): PodStrategy,
    ("", "persistentvolumes"): VolumeStrategy,
    ("", "persistentvolumeclaims"): ClaimStrategy,
    ("", "endpoints"): PutCreatesStrategy,
    ("", "limitranges"): PutCreatesStrategy,
    ("", "replicationcontrollers"): WithGenerationStrategy,
    ("apps", "deployments"): DeploymentStrategy,
    ("apps", "controllerrevisions"): Strategy,
    ("coordination.k8s.io", "leases"): LeaseStrategy,
    ("node.k8s.io", "runtimeclasses"): PutCreatesStrategy,
    ("storage.k8s.io", "csidrivers"): StrictVersionStrategy,
    ("storage.k8s.io", "csinodes"): StrictVersionStrategy,
    ("storage.k8s.io", "csistoragecapacities"): StrictVersionStrategy,
    ("storage.k8s.io", "volumeattachments"): StrictVersionStrategy,
    ("networking.k8s.io", "ingresses"): WithGenerationStrategy,
    ("networking.k8s.io", "networkpolicies"): WithGenerationStrategy,
    ("policy", "poddisruptionbudgets"): WithGenerationStrategy,
    ("apiextensions.k8s.io", "customresourcedefinitions"): DefinitionStrategy,
}
BY_GROUP: dict[str, type[Strategy]] = {
    "apps": WorkloadStrategy,
    "batch": WithGenerationStrategy,
    "rbac.authorization.k8s.io": RbacStrategy,
    "flowcontrol.apiserver.k8s.io": WithGenerationStrategy,
    "discovery.k8s.io": WithGenerationStrategy,
}


class Strategies:
    """Strategies by resource, made on first use; services share their ranges."""

    def __init__(self, ranges: ServiceRanges, version: str):
        self._ranges = ranges
        self.minor = int(version.split(".")[1])
        self._made: dict[ResourceType, Strategy] = {}

    def of(self, resource: ResourceType) -> Strategy:
        found = self._made.get(resource)
        if found is None:
            found = self._made[resource] = self._make(resource)
        return found

    def _make(self, resource: ResourceType) -> Strategy:
        if resource.custom is not None:
            return CustomResourceStrategy(resource, self.minor, resource.custom)
        key = (resource.group, resource.plural)
        if key == ("", "services"):
            return ServiceStrategy(resource, self.minor, self._ranges)
        return STRATEGIES.get(key, BY_GROUP.get(resource.group, Strategy))(resource, self.minor)
