"""The namespace controller: terminating namespaces are emptied, then they go.

Does what pkg/controller/namespace of kubernetes does.
"""

from __future__ import annotations

from conformance.contracts.kubernetes import (
    NAMESPACES,
    ApiError,
    Conflict,
    JsonObject,
    NotFound,
)
from fake_cloud.kube_api.controllers.controller import Controller
from fake_cloud.kube_api.controllers.namespace_conditions import note_content
from fake_cloud.kube_api.store import Change, Collection, Entry, decode


class NamespaceLifecycle(Controller):
    """Deletes what is in a terminating namespace, then takes the finalizer away."""

    name = "namespace-lifecycle"

    def concerns(self, collection: Collection, change: Change) -> bool:
        if (collection.group, collection.plural) == ("", "namespaces"):
            return change.type == "MODIFIED" and _terminating(change)
        return change.type == "DELETED" and self._in_terminating(change.entry.key[0])

    def act(self, collection: Collection, change: Change) -> None:
        inside = collection.plural != "namespaces"
        name = change.entry.key[0] if inside else change.entry.key[1]
        try:
            namespace = self.client.get(NAMESPACES, name)
        except NotFound:
            return
        if not namespace["spec"].get("finalizers"):
            return
        left = self._left_after_deletion(name)
        try:
            if note_content(namespace, left):
                namespace = self.client.replace(NAMESPACES, name, namespace, subresource="status")
            if not left:
                self._finalize(namespace)
        except (Conflict, NotFound):
            return

    def _in_terminating(self, name: str) -> bool:
        entry = self.store.collection("", "namespaces").items.get(("", name)) if name else None
        return entry is not None and entry.fields["status.phase"] == "Terminating"

    def _left_after_deletion(self, name: str) -> list[tuple[str, JsonObject]]:
        """Delete everything in it; what is there still, by `plural.group`."""
        for place, entry in self._inside(name):
            resource = self.resource_of(*place)
            if resource and "deletionTimestamp" not in decode(entry.data)["metadata"]:
                try:
                    self.client.delete(resource, entry.key[1], name)
                except ApiError as error:
                    if error.code not in (404, 409):
                        raise
        return [
            (f"{plural}.{group}", decode(entry.data)["metadata"])
            for (group, plural), entry in self._inside(name)
        ]

    def _inside(self, name: str) -> list[tuple[tuple[str, str], Entry]]:
        with self.store.lock:
            return [
                (place, entry)
                for place, collection in self.store.collections.items()
                for entry in collection.entries(name)
            ]

    def _finalize(self, namespace: JsonObject) -> None:
        name = namespace["metadata"]["name"]
        namespace["spec"]["finalizers"] = [
            item for item in namespace["spec"]["finalizers"] if item != "kubernetes"
        ]
        self.client.replace(NAMESPACES, name, namespace, subresource="finalize")


def _terminating(change: Change) -> bool:
    return change.entry.fields.get("status.phase") == "Terminating"
