"""The definitions' controller: names, serving, and the end of a definition with its objects.

Does what pkg/controller/{status,establish,finalizer} of k8s.io/apiextensions-apiserver do.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from conformance.contracts.kubernetes import ApiError, JsonObject, KubeClient, Resource
from fake_cloud.kube_api.controllers.controller import Controller, as_resource
from fake_cloud.kube_api.custom_resources.accepted_names import accept_names
from fake_cloud.kube_api.custom_resources.conditions import is_true, set_condition
from fake_cloud.kube_api.custom_resources.definition import resource_types
from fake_cloud.kube_api.custom_resources.definition_strategy import CLEANUP
from fake_cloud.kube_api.store import Change, Collection, Store, decode
from fake_cloud.kube_api.types.served import ServedTypes

DEFINITIONS = Resource(
    "apiextensions.k8s.io",
    "v1",
    "customresourcedefinitions",
    "CustomResourceDefinition",
    namespaced=False,
)
EndWatches = Callable[[Collection], None]


class Definitions(Controller):
    """Serves the kinds of established definitions.

    Before a kind is served otherwise, or no more, its watches are ended by `end_watches`.
    """

    name = "custom-resource-definitions"

    def __init__(
        self, store: Store, served: ServedTypes, client: KubeClient, end_watches: EndWatches
    ):
        super().__init__(store, served, client)
        self._end_watches = end_watches
        self._collection = store.collection(DEFINITIONS.group, DEFINITIONS.plural)
        self._metadata = served.table.struct("apis.meta.v1.ObjectMeta")
        self._shapes: dict[str, Any] = {}

    def concerns(self, collection: Collection, change: Change) -> bool:
        if collection is self._collection:
            return True
        resource = self.served.now.by_plural.get((collection.group, collection.plural))
        return change.type == "DELETED" and resource is not None and resource.custom is not None

    def act(self, collection: Collection, change: Change) -> None:
        own = collection is self._collection
        name = change.entry.key[1] if own else f"{collection.plural}.{collection.group}"
        entry = self._collection.items.get(("", name))
        if entry is None:
            self._withdraw(decode(change.entry.data) if own else {})
            return
        definition = decode(entry.data)
        if "deletionTimestamp" in definition["metadata"]:
            self._end(definition)
        elif own:
            self._establish(definition)

    # -- serving

    def _establish(self, definition: JsonObject) -> None:
        if definition["spec"]["names"] != definition["status"]["acceptedNames"]:
            before = copy.deepcopy(definition)
            accept_names(definition, self._others(definition))
            if definition != before:
                definition = self._write(definition)
        if not is_true(definition, "NamesAccepted"):
            return
        self._serve(definition)
        if not is_true(definition, "Established"):
            message = "the initial names have been accepted"
            set_condition(definition, "Established", "True", "InitialNamesAccepted", message)
            self._write(definition)

    def _others(self, definition: JsonObject) -> list[JsonObject]:
        """The other definitions of the same group."""
        with self.store.lock:
            entries = self._collection.entries()
        found = [decode(entry.data) for entry in entries if entry.uid != _uid(definition)]
        return [one for one in found if one["spec"]["group"] == definition["spec"]["group"]]

    def _serve(self, definition: JsonObject) -> None:
        """Only what a client could notice makes new types of it."""
        metadata, names = definition["metadata"], definition["status"]["acceptedNames"]
        shape = (_uid(definition), definition["spec"], names)
        known = self._shapes.get(metadata["name"])
        if shape == known and "deletionTimestamp" not in metadata:
            return
        self._shapes[metadata["name"]] = shape
        self.served.put(metadata["name"], resource_types(definition, self._metadata))
        if known is not None and shape != known:
            self._end_watches(self._objects(definition))

    def _withdraw(self, definition: JsonObject) -> None:
        """A definition has gone: nothing is served for it, and its names are free."""
        if not definition:
            return
        name = definition["metadata"]["name"]
        self.served.put(name, ())
        if self._shapes.pop(name, None) is not None:
            self._end_watches(self._objects(definition))
        for other in self._others(definition):
            if "deletionTimestamp" not in other["metadata"]:
                self._establish(other)

    def _objects(self, definition: JsonObject) -> Collection:
        spec = definition["spec"]
        return self.store.collection(spec["group"], spec["names"]["plural"])

    def _write(self, definition: JsonObject) -> JsonObject:
        name = definition["metadata"]["name"]
        return self.client.replace(DEFINITIONS, name, definition, subresource="status")

    # -- the end

    def _end(self, definition: JsonObject) -> None:
        """Create no more, delete what is there, then take the finalizer away."""
        if CLEANUP not in definition["metadata"].get("finalizers", ()):
            return
        if not is_true(definition, "Established"):
            self._release(definition, "NeverEstablished", "resource was never established")
            return
        self._serve(definition)
        if self._empty(definition):
            self._release(definition, "InstanceDeletionCompleted", "removed all instances")

    def _release(self, definition: JsonObject, reason: str, message: str) -> None:
        metadata = definition["metadata"]
        set_condition(definition, "Terminating", "False", reason, message)
        metadata["finalizers"] = [item for item in metadata["finalizers"] if item != CLEANUP]
        self._write(definition)

    def _empty(self, definition: JsonObject) -> bool:
        """Delete every object of it; whether nothing is left."""
        collection = self._objects(definition)
        served = resource_types(definition, self._metadata)
        with self.store.lock:
            entries = collection.entries()
        for entry in entries if served else ():
            if "deletionTimestamp" not in decode(entry.data)["metadata"]:
                self._delete(as_resource(served[0]), *entry.key)
        return not collection.items

    def _delete(self, resource: Resource, namespace: str, name: str) -> None:
        try:
            self.client.delete(resource, name, namespace or None)
        except ApiError as error:
            if error.code not in (404, 409):
                raise


def _uid(definition: JsonObject) -> str:
    return str(definition["metadata"]["uid"])
