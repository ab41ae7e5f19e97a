"""A small controller beside the store: takes note of changes, works in a thread of its own."""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod

from conformance.contracts.kubernetes import ApiError, KubeClient, Resource
from fake_cloud.kube_api.store import Change, Collection, Store
from fake_cloud.kube_api.types.served import ServedTypes
from fake_cloud.kube_api.types.table import ResourceType

ATTEMPTS = 5
"""Conflicts with other writers are retried so often before the next change is waited for."""


class Controller(ABC):
    """Subclasses pick the changes that concern them and act through a client."""

    name = "controller"

    def __init__(self, store: Store, served: ServedTypes, client: KubeClient):
        self.store, self.served, self.client = store, served, client
        self._queue: queue.SimpleQueue[tuple[Collection, Change] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

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

    def resource_of(self, group: str, plural: str) -> Resource | None:
        """How a client names what a collection holds; None when it is served no more."""
        found = self.served.now.by_plural.get((group, plural))
        return None if found is None else as_resource(found)

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


def as_resource(resource: ResourceType) -> Resource:
    return Resource(
        resource.group,
        resource.version,
        resource.plural,
        resource.kind,
        namespaced=resource.namespaced,
    )
