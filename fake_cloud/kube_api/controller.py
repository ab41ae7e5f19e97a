"""A small controller beside the store: takes note of changes, works in a thread of its own."""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod

from conformance.contracts.kubernetes import ApiError, KubeClient, Resource
from fake_cloud.kube_api.store import Change, Collection, Store
from fake_cloud.kube_api.types.table import ResourceType, TypeTable

ATTEMPTS = 5
"""Conflicts with other writers are retried so often before the next change is waited for."""


class Controller(ABC):
    """Subclasses pick the changes that concern them and act through a client."""

    name = "controller"

    def __init__(self, store: Store, table: TypeTable, client: KubeClient):
        self.store, self.client = store, client
        self._queue: queue.SimpleQueue[tuple[Collection, Change] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self.served = served_resources(table)

    def start(self) -> None:
        self.store.listen(self._note)
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join()

    @abstractmethod
    def concerns(self, collection: Collection, change: Change) -> bool:
        """Quickly, under the lock of the store."""

    @abstractmethod
    def act(self, collection: Collection, change: Change) -> None:
        """In the controller's own thread."""

    def _note(self, collection: Collection, change: Change) -> None:
        if self.concerns(collection, change):
            self._queue.put((collection, change))

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            for _ in range(ATTEMPTS):
                try:
                    self.act(*item)
                except ApiError as error:
                    if error.code not in (404, 409):
                        break
                else:
                    break


def served_resources(table: TypeTable) -> dict[tuple[str, str], Resource]:
    """How a client names what a collection holds, by (group, plural)."""
    found: dict[tuple[str, str], Resource] = {}
    for resource in table.resources.values():
        found[(resource.group, resource.plural)] = as_resource(resource)
    return found


def as_resource(resource: ResourceType) -> Resource:
    return Resource(
        resource.group,
        resource.version,
        resource.plural,
        resource.kind,
        namespaced=resource.namespaced,
    )
