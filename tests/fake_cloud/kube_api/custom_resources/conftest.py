from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.contracts.kubernetes import KubeClient, Resource, WatchType
from fake_cloud.kube_api.custom_resources.definitions import DEFINITIONS

WIDGETS = Resource("example.com", "v1", "widgets", "Widget", namespaced=True)

Define = Callable[..., Resource]


def definition(*versions: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """Of widgets; the first version is stored."""
    names = {"plural": "widgets", "kind": "Widget"}
    served = [{"served": True, "storage": i == 0, **version} for i, version in enumerate(versions)]
    body = {"group": "example.com", "scope": "Namespaced", "names": names, "versions": served}
    return {"metadata": {"name": "widgets.example.com"}, "spec": {**body, **spec}}


def version(name: str = "v1", /, **schema: Any) -> dict[str, Any]:
    whole = {"type": "object", "properties": {"spec": {"type": "object", **schema}}}
    return {"name": name, "schema": {"openAPIV3Schema": whole}}


def widget(name: str = "one", api_version: str = "example.com/v1", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": api_version,
        "kind": "Widget",
        "metadata": {"name": name},
        "spec": spec,
    }


@pytest.fixture
def define(kube: KubeClient) -> Define:
    """Create a definition and wait until it is established."""

    def create(*versions: dict[str, Any], **spec: Any) -> Resource:
        with kube.watch(DEFINITIONS, timeout_seconds=10) as watch:
            kube.create(DEFINITIONS, definition(*versions, **spec))
            if any(is_established(event.object) for event in watch):
                return WIDGETS
        raise TimeoutError("not established within 10 s")

    return create


def is_established(written: dict[str, Any]) -> bool:
    conditions = written.get("status", {}).get("conditions") or []
    return any(c["type"] == "Established" and c["status"] == "True" for c in conditions)


def wait_gone(kube: KubeClient, resource: Resource, name: str) -> None:
    """Until the watch says DELETED; it ends by itself after 10 s."""
    selector = f"metadata.name={name}"
    with kube.watch(resource, field_selector=selector, timeout_seconds=10) as watch:
        if not kube.list(resource, field_selector=selector)["items"]:
            return
        if any(event.type == WatchType.DELETED for event in watch):
            return
    raise TimeoutError(f"{name} is still there")
