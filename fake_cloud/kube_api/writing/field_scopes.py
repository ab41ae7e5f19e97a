"""From a request's target to the scope in which fields have owners."""

from __future__ import annotations

from functools import partial

from fake_cloud.kube_api.forms import from_storage, to_storage
from fake_cloud.kube_api.managed_fields.shapes import Shape, Shapes, shape_of_json_schema
from fake_cloud.kube_api.managed_fields.tracking import Scope
from fake_cloud.kube_api.managed_fields.versions import Version
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.strategies.registry import Strategies
from fake_cloud.kube_api.types.served import ServedTypes
from fake_cloud.kube_api.types.table import ResourceType


class FieldScopes:
    """Scopes of the types that are served; what a type says is made into a shape once."""

    def __init__(self, strategies: Strategies, served: ServedTypes):
        self._strategies, self._served = strategies, served
        self._shapes = Shapes()
        self._versions: dict[ResourceType, Version] = {}

    def of(self, target: Target) -> Scope:
        resource, below = target.resource, target.subresource
        reset = self._strategies.of(resource).reset_fields(below)
        return Scope(self._version(resource), below, reset, partial(self._find, resource.kind))

    def _find(self, kind: str, api_version: str) -> Version | None:
        resource = self._served.now.kinds.get((api_version, kind))
        return self._version(resource) if resource else None

    def _version(self, resource: ResourceType) -> Version:
        found = self._versions.get(resource)
        if found is None:
            found = self._versions[resource] = Version(
                resource.api_version,
                resource.kind,
                self._shape(resource),
                partial(zero, resource),
                partial(from_storage, resource),
                partial(to_storage, resource),
            )
        return found

    def _shape(self, resource: ResourceType) -> Shape:
        if resource.custom is None:
            return self._shapes.of(resource.struct)
        metadata = self._shapes.of(self._served.table.struct("apis.meta.v1.ObjectMeta"))
        return shape_of_json_schema(resource.custom.schema, metadata)


def zero(resource: ResourceType) -> Body:
    """An object of which nothing is set."""
    body = {} if resource.custom else resource.struct.zero()
    head = {"apiVersion": resource.api_version, "kind": resource.kind}
    return {**head, "metadata": {}, **body}
