"""Which strategy belongs to which resource."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fake_cloud.kube_api.custom_resources.definition_strategy import DefinitionStrategy
from fake_cloud.kube_api.custom_resources.strategy import CustomResourceStrategy
from fake_cloud.kube_api.store import Store
from fake_cloud.kube_api.strategies.batch import CronJobStrategy, JobStrategy
from fake_cloud.kube_api.strategies.budgets import BudgetStrategy
from fake_cloud.kube_api.strategies.event import EventStrategy
from fake_cloud.kube_api.strategies.generic import Strategy
from fake_cloud.kube_api.strategies.node import NodeStrategy
from fake_cloud.kube_api.strategies.pods.strategy import PodStrategy
from fake_cloud.kube_api.strategies.priority_classes import PriorityClassStrategy
from fake_cloud.kube_api.strategies.rbac import BindingStrategy, RoleStrategy
from fake_cloud.kube_api.strategies.secret import SecretStrategy
from fake_cloud.kube_api.strategies.services.ranges import ServiceRanges
from fake_cloud.kube_api.strategies.services.strategy import ServiceStrategy
from fake_cloud.kube_api.strategies.small_kinds import (
    ConfigMapStrategy,
    LeaseStrategy,
    NamespaceStrategy,
    PutCreatesStrategy,
    StrictVersionStrategy,
    WithGenerationStrategy,
)
from fake_cloud.kube_api.strategies.volumes.claims import ClaimStrategy
from fake_cloud.kube_api.strategies.volumes.storage import (
    AttachmentStrategy,
    DriverStrategy,
    NodeDriversStrategy,
    StorageClassStrategy,
)
from fake_cloud.kube_api.strategies.volumes.volumes import VolumeStrategy
from fake_cloud.kube_api.strategies.workloads import (
    DaemonSetStrategy,
    DeploymentStrategy,
    ReplicaSetStrategy,
    ReplicationControllerStrategy,
    StatefulSetStrategy,
)
from fake_cloud.kube_api.types.table import ResourceType

STRATEGIES: dict[tuple[str, str], type[Strategy]] = {
    ("", "nodes"): NodeStrategy,
    ("", "namespaces"): NamespaceStrategy,
    ("", "configmaps"): ConfigMapStrategy,
    ("", "secrets"): SecretStrategy,
    ("", "events"): EventStrategy,
    ("events.k8s.io", "events"): EventStrategy,
    ("", "persistentvolumes"): VolumeStrategy,
    ("", "endpoints"): PutCreatesStrategy,
    ("", "limitranges"): PutCreatesStrategy,
    ("", "replicationcontrollers"): ReplicationControllerStrategy,
    ("apps", "deployments"): DeploymentStrategy,
    ("apps", "replicasets"): ReplicaSetStrategy,
    ("apps", "daemonsets"): DaemonSetStrategy,
    ("apps", "statefulsets"): StatefulSetStrategy,
    ("coordination.k8s.io", "leases"): LeaseStrategy,
    ("node.k8s.io", "runtimeclasses"): PutCreatesStrategy,
    ("storage.k8s.io", "storageclasses"): StorageClassStrategy,
    ("storage.k8s.io", "csidrivers"): DriverStrategy,
    ("storage.k8s.io", "csinodes"): NodeDriversStrategy,
    ("storage.k8s.io", "csistoragecapacities"): StrictVersionStrategy,
    ("storage.k8s.io", "volumeattachments"): AttachmentStrategy,
    ("rbac.authorization.k8s.io", "roles"): RoleStrategy,
    ("rbac.authorization.k8s.io", "clusterroles"): RoleStrategy,
    ("rbac.authorization.k8s.io", "rolebindings"): BindingStrategy,
    ("rbac.authorization.k8s.io", "clusterrolebindings"): BindingStrategy,
    ("networking.k8s.io", "ingresses"): WithGenerationStrategy,
    ("networking.k8s.io", "networkpolicies"): WithGenerationStrategy,
    ("policy", "poddisruptionbudgets"): BudgetStrategy,
    ("batch", "jobs"): JobStrategy,
    ("batch", "cronjobs"): CronJobStrategy,
    ("apiextensions.k8s.io", "customresourcedefinitions"): DefinitionStrategy,
}
BY_GROUP: dict[str, type[Strategy]] = {
    "flowcontrol.apiserver.k8s.io": WithGenerationStrategy,
    "discovery.k8s.io": WithGenerationStrategy,
}


class Strategies:
    """Strategies by resource, made on first use; some look at other objects in the store."""

    def __init__(self, ranges: ServiceRanges, version: str, store: Store):
        self.minor = int(version.split(".")[1])
        self._with_more: dict[tuple[str, str], Callable[[ResourceType, int], Strategy]] = {
            ("", "services"): partial(ServiceStrategy, ranges=ranges),
            ("", "pods"): partial(PodStrategy, store=store),
            ("", "persistentvolumeclaims"): partial(ClaimStrategy, store=store),
            ("scheduling.k8s.io", "priorityclasses"): partial(PriorityClassStrategy, store=store),
        }
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
        chosen = self._with_more.get(key) or STRATEGIES.get(key)
        return (chosen or BY_GROUP.get(resource.group, Strategy))(resource, self.minor)
