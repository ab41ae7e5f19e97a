"""From method, path and query to a target: verb, resource, namespace, name, subresource.

Source: k8s.io/apiserver/pkg/endpoints/request/requestinfo.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.status_errors import (
    About,
    StatusError,
    generic_not_found,
    method_not_allowed,
    not_found,
)
from fake_cloud.kube_api.types.served import TypeSet
from fake_cloud.kube_api.types.table import ResourceType

VERBS = {
    "GET": "get",
    "HEAD": "get",
    "POST": "create",
    "PUT": "update",
    "PATCH": "patch",
    "DELETE": "delete",
}
FALSE = ("0", "false")


def switched_on(query: Mapping[str, str], name: str) -> bool:
    """Any value but these two is true, an empty one too: apimachinery pkg/runtime/conversion.go."""
    return name in query and query[name].lower() not in FALSE


@dataclass(frozen=True, slots=True)
class Target:
    """What one request wants. `namespace` is empty for all namespaces and for cluster scope."""

    verb: str
    resource: ResourceType
    namespace: str
    name: str
    subresource: str

    @property
    def about(self) -> About:
        return about(self.resource)


def about(resource: ResourceType) -> About:
    """What a Status says about this resource."""
    return About(resource.group, resource.plural, resource.kind)


@dataclass(frozen=True, slots=True)
class Location:
    """A resource path, parsed without knowing what is served."""

    group: str
    version: str
    plural: str
    namespace: str
    name: str
    subresource: str
    watched: bool = False


def locate(path: str) -> Location | None:
    """None for a path that is not below a group version."""
    parts = [part for part in path.split("/") if part]
    if len(parts) >= 3 and parts[0] == "api":
        group, version, rest = "", parts[1], parts[2:]
    elif len(parts) >= 4 and parts[0] == "apis":
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    watched = rest[0] == "watch" and len(rest) > 1
    rest = rest[1:] if watched else rest
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    plural, name, *below = [*rest, ""] if len(rest) == 1 else rest
    return Location(group, version, plural, namespace, name, "/".join(below), watched)


def verb_of(request: Request, location: Location) -> str:
    """The Kubernetes verb; empty for an HTTP method that has none."""
    verb = VERBS.get(request.method, "")
    watching = location.watched or switched_on(request.query, "watch")
    if verb == "get" and not location.subresource:
        if watching and (location.watched or not location.name):
            return "watch"
        return verb if location.name else "list"
    return "deletecollection" if verb == "delete" and not location.name else verb


def _no_subresource(resource: ResourceType, name: str) -> StatusError:
    return generic_not_found() if resource.custom is None else not_found(about(resource), name)


def target_of(types: TypeSet, request: Request) -> Target | None:
    """None for a path that nobody serves as a resource. Raises 404 or 405 `StatusError`."""
    location = locate(request.path)
    if location is None:
        return None
    group_version = (location.group, location.version)
    if group_version not in types.group_versions:
        if location.group:
            return None
        raise generic_not_found()
    resource = types.resources.get((*group_version, location.plural))
    if resource is None or (location.namespace and not resource.namespaced):
        if group_version in types.custom_group_versions:
            return None
        raise generic_not_found()
    verb = verb_of(request, location)
    allowed = resource.verbs
    if location.subresource:
        subresource = resource.subresources.get(location.subresource)
        if subresource is None:
            raise _no_subresource(resource, location.name)
        allowed = subresource.verbs
    named = bool(location.name)
    above = named and not location.subresource
    misplaced = (verb == "create" and above) or (verb in ("update", "patch") and not named)
    unplaced = resource.namespaced and not location.namespace
    across = verb in ("list", "watch") and not named
    if resource.custom is not None and unplaced and not across:
        return None
    if verb not in allowed or misplaced or (unplaced and not across):
        raise method_not_allowed()
    return Target(verb, resource, location.namespace, location.name, location.subresource)
