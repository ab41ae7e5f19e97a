"""The embedded Kubernetes API with a hook before each verb, and waits that follow its writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from conformance.contracts.kubernetes import JsonObject, KubeClient, Resource, Watch
from fake_cloud.kube_api.server import KubeApi

Hook = Callable[[str, Resource, str], None]


class HookedKube:
    """A `KubeClient`. `before(verb, resource, name)` may act or raise before a verb is done."""

    def __init__(self) -> None:
        self.before: Hook = lambda *_: None
        self.writes: list[tuple[str, str, str]] = []
        self._api = KubeApi()
        self._kube: KubeClient = self._api.subject_client()
        self._written = threading.Condition()

    def get(self, resource: Resource, name: str, namespace: str | None = None) -> JsonObject:
        self.before("get", resource, name)
        return self._kube.get(resource, name, namespace)

    def list(self, resource: Resource, *args: Any, **options: Any) -> JsonObject:
        self.before("list", resource, "")
        return self._kube.list(resource, *args, **options)

    def create(
        self, resource: Resource, body: JsonObject, namespace: str | None = None
    ) -> JsonObject:
        with self._write("create", resource, body["metadata"]["name"]):
            return self._kube.create(resource, body, namespace)

    def replace(self, resource: Resource, name: str, *args: Any, **options: Any) -> JsonObject:
        with self._write("update", resource, name):
            return self._kube.replace(resource, name, *args, **options)

    def patch(self, resource: Resource, name: str, *args: Any, **options: Any) -> JsonObject:
        with self._write("patch", resource, name):
            return self._kube.patch(resource, name, *args, **options)

    def delete(self, resource: Resource, name: str, *args: Any, **options: Any) -> JsonObject:
        with self._write("delete", resource, name):
            return self._kube.delete(resource, name, *args, **options)

    def watch(self, resource: Resource, *args: Any, **options: Any) -> Watch:
        self.before("watch", resource, "")
        return self._kube.watch(resource, *args, **options)

    def version(self) -> JsonObject:
        return self._kube.version()

    def expire_watches(self) -> None:
        """End every open watch with 410."""
        self._api.disturbance.expire_watches()

    def close(self) -> None:
        self._api.close()

    def ring(self, *_: object) -> None:
        """Let `wait_for` look again; every write rings by itself."""
        with self._written:
            self._written.notify_all()

    def wait_for(self, condition: Callable[[], object], timeout: float = 10.0) -> None:
        """Block until `condition` holds, looking again whenever something was written."""
        with self._written:
            assert self._written.wait_for(lambda: bool(condition()), timeout), "never came true"

    @contextmanager
    def _write(self, verb: str, resource: Resource, name: str) -> Iterator[None]:
        self.before(verb, resource, name)
        yield
        self.writes.append((verb, resource.plural, name))
        self.ring()


def given_taints(node: JsonObject) -> list[dict[str, Any]]:
    """All but the one that the API server adds to every new node."""
    taints = node["spec"].get("taints") or ()
    return [taint for taint in taints if taint["key"] != "node.kubernetes.io/not-ready"]
