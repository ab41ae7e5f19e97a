"""The garbage collector: dependents follow their owners, in background, foreground or as orphans.

Does what pkg/controller/garbagecollector of kubernetes does, on the changes of the store.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from conformance.contracts.kubernetes import (
    ApiError,
    JsonObject,
    KubeClient,
    NotFound,
    PatchType,
    Resource,
)
from fake_cloud.kube_api.controllers.controller import Controller, as_resource
from fake_cloud.kube_api.metadata import FOREGROUND, ORPHAN
from fake_cloud.kube_api.store import Change, Collection, Key, Store, decode
from fake_cloud.kube_api.types.served import ServedTypes

Place = tuple[tuple[str, str], Key]
"""A collection (group, plural) and a key in it."""


class GarbageCollector(Controller):
    """Keeps an index from owners to dependents."""

    name = "garbage-collector"

    def __init__(self, store: Store, served: ServedTypes, client: KubeClient):
        super().__init__(store, served, client)
        self._dependents: dict[str, dict[Place, None]] = defaultdict(dict)

    def concerns(self, collection: Collection, change: Change) -> bool:
        entry, previous = change.entry, change.previous
        place = ((collection.group, collection.plural), entry.key)
        for uid in previous.owners if previous else ():
            self._dependents[uid].pop(place, None)
        if change.type != "DELETED":
            for uid in entry.owners:
                self._dependents[uid][place] = None
        return (
            bool(entry.owners) or change.type == "DELETED" or b'"deletionTimestamp"' in entry.data
        )

    def act(self, collection: Collection, change: Change) -> None:
        entry = change.entry
        resource = self.resource_of(collection.group, collection.plural)
        if change.type == "DELETED":
            self._owner_gone(entry.uid)
            for uid in entry.owners:
                self._dependent_gone(uid)
            return
        if resource is None:
            return
        metadata = decode(entry.data)["metadata"]
        if "deletionTimestamp" not in metadata:
            self._check_owners(resource, metadata)
        elif ORPHAN in metadata.get("finalizers", ()):
            self._orphan(resource, metadata)
        elif FOREGROUND in metadata.get("finalizers", ()):
            self._delete_in_foreground(resource, metadata)

    def _owner_gone(self, uid: str) -> None:
        for resource, metadata in self._of(uid):
            self._check_owners(resource, metadata)
        with self.store.lock:
            if not self._dependents.get(uid):
                self._dependents.pop(uid, None)

    def _dependent_gone(self, owner_uid: str) -> None:
        """An owner that waits in the foreground may be able to go now."""
        for place, entry in self._everything():
            if entry.uid == owner_uid and b'"' + FOREGROUND.encode() + b'"' in entry.data:
                metadata = decode(entry.data)["metadata"]
                resource = self.resource_of(*place[0])
                if resource and "deletionTimestamp" in metadata:
                    self._delete_in_foreground(resource, metadata)

    def _everything(self) -> list[tuple[Place, Any]]:
        with self.store.lock:
            return [
                ((place, key), entry)
                for place, collection in self.store.collections.items()
                for key, entry in collection.items.items()
            ]

    def _of(self, uid: str) -> list[tuple[Resource, JsonObject]]:
        """The dependents of an owner as they are now, the youngest first."""
        with self.store.lock:
            places = list(reversed(self._dependents.get(uid, {})))
            entries = [
                (place, self.store.collections[place].items.get(key)) for place, key in places
            ]
        return [
            (resource, decode(entry.data)["metadata"])
            for place, entry in entries
            if entry is not None and (resource := self.resource_of(*place))
        ]

    def _check_owners(self, resource: Resource, metadata: JsonObject) -> None:
        """Delete an object whose owners are all absent, else drop the absent ones."""
        references = metadata.get("ownerReferences", [])
        absent = [ref for ref in references if not self._exists(ref, metadata.get("namespace"))]
        if not absent or "deletionTimestamp" in metadata:
            return
        name, namespace = metadata["name"], metadata.get("namespace")
        if len(absent) == len(references):
            options = {
                "preconditions": {"uid": metadata["uid"]},
                "propagationPolicy": "Background",
            }
            self.client.delete(resource, name, namespace, options=options)
        else:
            self._drop_references(resource, metadata, [ref["uid"] for ref in absent])

    def _exists(self, reference: JsonObject, namespace: str | None) -> bool:
        known = self.served.now.kinds.get((reference["apiVersion"], reference["kind"]))
        if known is None:
            return True
        owner = as_resource(known)
        if owner.namespaced and not namespace:
            return False
        try:
            found = self.client.get(
                owner, reference["name"], namespace if owner.namespaced else None
            )
        except NotFound:
            return False
        return bool(found["metadata"]["uid"] == reference["uid"])

    def _drop_references(self, resource: Resource, metadata: JsonObject, uids: list[str]) -> None:
        """With a merge patch, which every kind takes."""
        name, namespace = metadata["name"], metadata.get("namespace")
        current = self.client.get(resource, name, namespace)["metadata"]
        kept = [ref for ref in current.get("ownerReferences", []) if ref["uid"] not in uids]
        patch = {
            "metadata": {
                "uid": metadata["uid"],
                "resourceVersion": current["resourceVersion"],
                "ownerReferences": kept,
            }
        }
        self.client.patch(resource, name, patch, namespace, patch_type=PatchType.MERGE)

    def _orphan(self, resource: Resource, metadata: JsonObject) -> None:
        for dependent, about in self._of(metadata["uid"]):
            try:
                self._drop_references(dependent, about, [metadata["uid"]])
            except NotFound:
                continue
        self._remove_finalizer(resource, metadata, ORPHAN)

    def _delete_in_foreground(self, resource: Resource, metadata: JsonObject) -> None:
        """Dependents that block go first; the others are told to go."""
        waiting = False
        for dependent, about in self._of(metadata["uid"]):
            waiting = waiting or self._blocks(about, metadata["uid"])
            if "deletionTimestamp" not in about:
                options = {
                    "preconditions": {"uid": about["uid"]},
                    "propagationPolicy": "Foreground",
                }
                self._try_delete(dependent, about, options)
        if not waiting:
            self._remove_finalizer(resource, metadata, FOREGROUND)

    def _blocks(self, metadata: JsonObject, owner_uid: str) -> bool:
        return any(
            reference["uid"] == owner_uid and reference.get("blockOwnerDeletion")
            for reference in metadata.get("ownerReferences", [])
        )

    def _try_delete(self, resource: Resource, metadata: JsonObject, options: JsonObject) -> None:
        try:
            self.client.delete(
                resource, metadata["name"], metadata.get("namespace"), options=options
            )
        except ApiError as error:
            if error.code not in (404, 409):
                raise

    def _remove_finalizer(self, resource: Resource, metadata: JsonObject, finalizer: str) -> None:
        name, namespace = metadata["name"], metadata.get("namespace")
        current = self.client.get(resource, name, namespace)["metadata"]
        kept = [item for item in current.get("finalizers", []) if item != finalizer]
        patch = {"metadata": {"resourceVersion": current["resourceVersion"], "finalizers": kept}}
        self.client.patch(resource, name, patch, namespace, patch_type=PatchType.MERGE)
