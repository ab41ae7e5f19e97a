"""Which handler answers which subresource."""

from __future__ import annotations

from collections.abc import Callable

from fake_cloud.kube_api.bodies.reading import Kinds
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.store import Store
from fake_cloud.kube_api.subresources.binding import Binder
from fake_cloud.kube_api.subresources.eviction import Evictor
from fake_cloud.kube_api.subresources.log import PodLog
from fake_cloud.kube_api.subresources.scale import Scaler
from fake_cloud.kube_api.writing.deletes import Deleter
from fake_cloud.kube_api.writing.field_scopes import FieldScopes
from fake_cloud.kube_api.writing.writes import Writer

Place = tuple[str, str, str]
"""(group, plural, subresource); `bindings` is answered like `pods/binding`."""

Answer = Callable[[Request, Target], Reply]

SCALED = (
    ("", "replicationcontrollers"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
)
CUSTOM = ("", "")
"""Stands for every resource that a definition adds."""


def subresources(
    store: Store, writer: Writer, deleter: Deleter, scopes: FieldScopes, kinds: Kinds, minor: int
) -> dict[Place, Answer]:
    """What is not here is answered by the verbs of the main resource. `kinds`: built-in ones."""
    bind = Binder(store, writer, kinds, minor).handle
    scale = Scaler(writer, scopes, kinds, minor).handle
    return {
        ("", "bindings", ""): bind,
        ("", "pods", "binding"): bind,
        ("", "pods", "eviction"): Evictor(store, writer, deleter, scopes, kinds).handle,
        ("", "pods", "log"): PodLog(store).handle,
        **{(group, plural, "scale"): scale for group, plural in (*SCALED, CUSTOM)},
    }
