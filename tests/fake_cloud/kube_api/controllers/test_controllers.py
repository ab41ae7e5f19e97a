"""The garbage collector and the namespace controller, which work in threads of their own."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contracts.kubernetes import (
    CONFIG_MAPS,
    NAMESPACES,
    ApiError,
    KubeClient,
    Resource,
    WatchType,
)
from tests.fake_cloud.kube_api.objects import config_map


def wait_gone(kube: KubeClient, resource: Resource, name: str, namespace: str | None) -> None:
    """Until the watch says DELETED; it ends by itself after 10 s."""
    selector = f"metadata.name={name}"
    with kube.watch(resource, namespace, field_selector=selector, timeout_seconds=10) as watch:
        if not kube.list(resource, namespace, field_selector=selector)["items"]:
            return
        if any(event.type == WatchType.DELETED for event in watch):
            return
    raise TimeoutError(f"{name} is still there")


def owned(kube: KubeClient, owner: dict[str, Any], *, blocks: bool = False) -> dict[str, Any]:
    reference = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "blockOwnerDeletion": blocks,
    }
    return kube.create(CONFIG_MAPS, config_map("child", ownerReferences=[reference]), "default")


def test_dependents_follow_in_the_background(kube: KubeClient) -> None:
    owned(kube, kube.create(CONFIG_MAPS, config_map(), "default"))
    kube.delete(CONFIG_MAPS, "one", "default")
    wait_gone(kube, CONFIG_MAPS, "child", "default")


def test_an_owner_in_the_foreground_goes_last(kube: KubeClient) -> None:
    owned(kube, kube.create(CONFIG_MAPS, config_map(), "default"), blocks=True)
    options = {"propagationPolicy": "Foreground"}
    with kube.watch(CONFIG_MAPS, "default", timeout_seconds=10) as watch:
        marked = kube.delete(CONFIG_MAPS, "one", "default", options=options)
        assert marked["metadata"]["finalizers"] == ["foregroundDeletion"]
        gone = []
        for event in watch:
            if event.type == WatchType.DELETED:
                gone.append(event.object["metadata"]["name"])
            if len(gone) == 2:
                break
    assert gone == ["child", "one"]


def test_orphans_lose_their_owner(kube: KubeClient) -> None:
    owned(kube, kube.create(CONFIG_MAPS, config_map(), "default"))
    kube.delete(CONFIG_MAPS, "one", "default", options={"propagationPolicy": "Orphan"})
    wait_gone(kube, CONFIG_MAPS, "one", "default")
    assert "ownerReferences" not in kube.get(CONFIG_MAPS, "child", "default")["metadata"]


def test_a_dependent_of_nobody_goes(kube: KubeClient) -> None:
    owned(kube, {"metadata": {"name": "nobody", "uid": "0-0"}})
    wait_gone(kube, CONFIG_MAPS, "child", "default")


def test_a_deleted_namespace_is_emptied_and_goes(kube: KubeClient) -> None:
    created = kube.create(NAMESPACES, {"metadata": {"name": "place"}})
    assert created["spec"]["finalizers"] == ["kubernetes"]
    assert created["metadata"]["labels"] == {"kubernetes.io/metadata.name": "place"}
    kube.create(CONFIG_MAPS, config_map(), "place")
    assert kube.delete(NAMESPACES, "place")["status"]["phase"] == "Terminating"
    wait_gone(kube, NAMESPACES, "place", None)
    assert kube.list(CONFIG_MAPS, "place")["items"] == []


def test_nothing_is_created_in_a_terminating_namespace(kube: KubeClient) -> None:
    kube.create(NAMESPACES, {"metadata": {"name": "place"}})
    kube.create(CONFIG_MAPS, config_map(finalizers=["example.com/a"]), "place")
    kube.delete(NAMESPACES, "place")
    with pytest.raises(ApiError, match="because it is being terminated") as error:
        kube.create(CONFIG_MAPS, config_map("two"), "place")
    assert error.value.code == 403


def test_a_terminating_namespace_says_what_holds_it(kube: KubeClient) -> None:
    kube.create(NAMESPACES, {"metadata": {"name": "held"}})
    kube.create(CONFIG_MAPS, config_map(finalizers=["example.com/hold"]), "held")
    with kube.watch(NAMESPACES, field_selector="metadata.name=held", timeout_seconds=10) as watch:
        kube.delete(NAMESPACES, "held")
        told = next(e.object["status"] for e in watch if "conditions" in e.object.get("status", ""))
    assert [c["message"] for c in told["conditions"] if c["status"] == "True"] == [
        "Some resources are remaining: configmaps. has 1 resource instances",
        "Some content in the namespace has finalizers remaining: "
        "example.com/hold in 1 resource instances",
    ]
