from __future__ import annotations

from conformance.contracts.kubernetes import NAMESPACES, KubeClient, WatchType
from fake_cloud.kube_api.controllers.service_accounts import ACCOUNTS


def made(kube: KubeClient, namespace: str, *, delete: bool = False) -> list[str]:
    """What happens to the account until it has been made (again); the watch ends after 10 s."""
    seen: list[str] = []
    with kube.watch(ACCOUNTS, namespace, timeout_seconds=10) as watch:
        for event in watch:
            if event.type == WatchType.BOOKMARK:
                continue
            seen.append(f"{event.type} {event.object['metadata']['name']}")
            if event.type == WatchType.ADDED and not delete:
                break
            if delete:
                kube.delete(ACCOUNTS, "default", namespace)
                delete = False
    return seen


def test_every_namespace_has_a_default_account(kube: KubeClient) -> None:
    kube.create(NAMESPACES, {"metadata": {"name": "new"}})
    assert made(kube, "new") == ["ADDED default"]


def test_a_deleted_account_is_made_again(kube: KubeClient) -> None:
    assert made(kube, "kube-system", delete=True) == [
        "ADDED default",
        "DELETED default",
        "ADDED default",
    ]
