"""A cache of one resource type that follows the API server, shared by the loops of one life."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from logging import Logger

from conformance.contracts.kubernetes import (
    ApiError,
    ApiUnreachable,
    JsonObject,
    KubeClient,
    Resource,
    Watch,
    WatchType,
)
from fake_cloud.loops.lifeline import Lifeline

Handler = Callable[[WatchType, JsonObject], None]


class Informer:
    """Lists, watches, and lists again when the watch is lost or too old.

    Cached objects are shared: whoever changes one copies it first. Handlers are called on the
    informer's thread, also for what the first list finds. `relist`: seconds after a lost watch.
    """

    def __init__(
        self,
        kube: KubeClient,
        resource: Resource,
        lifeline: Lifeline,
        log: Logger,
        *,
        label_selector: str = "",
        relist: float = 0.8,
    ) -> None:
        self._kube = kube
        self._resource = resource
        self._lifeline = lifeline
        self._log = log
        self._selector = label_selector
        self._relist_pause = relist
        self._objects: dict[str, JsonObject] = {}
        self._handlers: list[Handler] = []
        self._synced = threading.Event()
        self._watch: Watch | None = None

    def handle(self, handler: Handler) -> None:
        """Call `handler` for each change; to be asked for before `run`."""
        self._handlers.append(handler)

    def get(self, name: str) -> JsonObject | None:
        return self._objects.get(name)

    def objects(self) -> Sequence[JsonObject]:
        return list(self._objects.values())

    @property
    def synced(self) -> bool:
        """Whether handlers have been told everything that the first list found."""
        return self._synced.is_set()

    def wait_synced(self) -> bool:
        """Wait for the first list; False when the life ended before."""
        while not self._synced.wait(0.05):
            if not self._lifeline.alive:
                return False
        return self._lifeline.alive

    def close(self) -> None:
        """End the open watch, so that `run` can return."""
        if self._watch is not None:
            self._watch.close()

    def run(self) -> None:
        """Follow the server until the life ends."""
        while self._lifeline.alive:
            try:
                self._follow(self._list())
            except (ApiError, ApiUnreachable) as error:
                self._log.warning("%s: %s; listing again", self._resource.plural, error)
                self._lifeline.wait(self._relist_pause)

    def _list(self) -> str:
        answer = self._kube.list(self._resource, label_selector=self._selector)
        kind = {"apiVersion": self._resource.api_version, "kind": self._resource.kind}
        found = {item["metadata"]["name"]: {**kind, **item} for item in answer["items"]}
        for name in set(self._objects) - set(found):
            self._see(WatchType.DELETED, self._objects[name])
        for name, item in found.items():
            known = self._objects.get(name)
            if known is None:
                self._see(WatchType.ADDED, item)
            elif known["metadata"]["resourceVersion"] != item["metadata"]["resourceVersion"]:
                self._see(WatchType.MODIFIED, item)
        self._synced.set()
        return str(answer["metadata"]["resourceVersion"])

    def _follow(self, revision: str) -> None:
        """Watch from `revision`, and on from where a watch ended, until one is refused."""
        while self._lifeline.alive:
            with self._kube.watch(
                self._resource, resource_version=revision, label_selector=self._selector
            ) as self._watch:
                if not self._lifeline.alive:
                    return
                for event in self._watch:
                    revision = event.object["metadata"]["resourceVersion"]
                    if event.type is not WatchType.BOOKMARK:
                        self._see(event.type, event.object)
            self._lifeline.wait(self._relist_pause)

    def _see(self, change: WatchType, item: JsonObject) -> None:
        name = item["metadata"]["name"]
        if change is WatchType.DELETED:
            self._objects.pop(name, None)
        else:
            self._objects[name] = item
        for handler in self._handlers:
            handler(change, item)
