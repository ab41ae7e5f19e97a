"""Between the served form of a resource and the stored one: of Events and custom resources."""

from __future__ import annotations

from collections.abc import Callable

from fake_cloud.kube_api.custom_resources.storage_form import from_storage_form, to_storage_form
from fake_cloud.kube_api.store import decode, encode
from fake_cloud.kube_api.strategies.event import from_core, to_core
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.types.table import ResourceType


def is_converted(resource: ResourceType) -> bool:
    return resource.group == "events.k8s.io"


def to_storage(resource: ResourceType, body: Body) -> Body:
    if resource.custom is not None:
        return to_storage_form(body, resource.custom)
    return to_core(body) if is_converted(resource) else body


def from_storage(resource: ResourceType, body: Body) -> Body:
    if resource.custom is not None:
        return from_storage_form(body, resource.api_version, resource.custom)
    return from_core(body) if is_converted(resource) else body


def served_bytes(resource: ResourceType) -> Callable[[bytes], bytes] | None:
    """How stored bytes become those of an answer; None: they are the same."""
    if resource.custom is None and not is_converted(resource):
        return None
    return lambda data: encode(ordered(from_storage(resource, decode(data))))


def ordered(body: Body) -> Body:
    """`kind` and `apiVersion` first: lists cut them off."""
    head = {"kind": body["kind"], "apiVersion": body["apiVersion"]}
    return head | body
