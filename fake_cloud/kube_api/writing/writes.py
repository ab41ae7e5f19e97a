"""Create and update: the transactions of the store, with strategies and preconditions.

Follows k8s.io/apiserver/pkg/registry/generic/registry/store.go and pkg/registry/rest.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from fake_cloud.kube_api.forms import is_converted
from fake_cloud.kube_api.managed_fields.tracking import keep_times
from fake_cloud.kube_api.requests import about
from fake_cloud.kube_api.status_errors import (
    About,
    StatusError,
    already_exists,
    bad_request,
    conflict,
    forbidden,
    internal,
    invalid,
    invalid_value,
    not_found,
    shown,
)
from fake_cloud.kube_api.store import Collection, Entry, Key, Store, decode, make_entry
from fake_cloud.kube_api.strategies.generic import Body, Strategy, nothing
from fake_cloud.kube_api.strategies.registry import Strategies
from fake_cloud.kube_api.system_fields import (
    generated_name,
    keep_system_fields,
    now,
    wipe,
)
from fake_cloud.kube_api.types.table import ResourceType
from fake_cloud.kube_api.writing.identity import WRONG_NAMESPACE
from fake_cloud.kube_api.writing.preconditions import uid_mismatch

NAMESPACES = About("", "namespaces", "Namespace")

Change = Callable[[bytes, Body], Body]
"""From the current object to the wanted one, decoded and with defaults.

It is given as it is stored, and decoded but not to be changed; empty if there is none.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write left behind. `entry` is the object; `created` and `gone` say how."""

    entry: Entry
    created: bool = False
    gone: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateOptions:
    subresource: str = ""
    dry_run: bool = False
    may_create: bool = False
    uid: str = ""


class Writer:
    """Every change of the store goes through here."""

    def __init__(self, store: Store, strategies: Strategies):
        self._store, self._strategies = store, strategies

    def collection(self, resource: ResourceType) -> Collection:
        return self._store.collection(*storage_key(resource))

    # -- create

    def create(
        self, resource: ResourceType, namespace: str, body: Body, *, dry_run: bool = False
    ) -> Written:
        """Raises `StatusError`: 400, 403, 404, 409, 422."""
        with self._store.lock:
            self._set_namespace(resource, body, namespace)
            if body["metadata"].get("resourceVersion") and not dry_run:
                raise internal("resourceVersion should not be set on objects to be created")
            return self._create(resource, body, dry_run=dry_run)

    def _create(
        self, resource: ResourceType, body: Body, *, dry_run: bool, allocate: bool = True
    ) -> Written:
        strategy, metadata = self._strategies.of(resource), body["metadata"]
        self._check_namespace(resource, metadata)
        wipe(metadata)
        metadata.update(uid=str(uuid.uuid4()), creationTimestamp=now())
        if metadata.get("generateName") and not metadata.get("name"):
            metadata["name"] = generated_name(metadata["generateName"])
            strategy.default(body)
        strategy.admit(body, None)
        undo = strategy.allocate(body, None) if allocate else nothing
        try:
            strategy.prepare_create(body)
            if errors := strategy.create_errors(body):
                raise invalid(hub(resource), metadata.get("name", ""), errors)
            strategy.refuse(body, None)
            collection = self.collection(resource)
            existing = collection.items.get((metadata.get("namespace", ""), metadata["name"]))
            if existing is not None:
                deleting = "deletionTimestamp" in decode(existing.data)["metadata"]
                refused = already_exists(about(resource), metadata["name"], deleting=deleting)
                refused.warnings += strategy.warnings(body)
                raise refused
        except StatusError:
            undo()
            raise
        if dry_run:
            undo()
        entry = self.put(resource, body, dry_run=dry_run)
        return Written(entry, created=True, warnings=tuple(strategy.warnings(body)))

    def _check_namespace(self, resource: ResourceType, metadata: Body) -> None:
        """The admission plugin NamespaceLifecycle."""
        if not resource.namespaced:
            return
        name = metadata["namespace"]
        entry = self._store.collection("", "namespaces").items.get(("", name))
        if entry is None:
            raise not_found(NAMESPACES, name)
        if entry.fields.get("status.phase") == "Terminating":
            why = f"unable to create new content in namespace {name} because it is being terminated"
            cause = {
                "reason": "NamespaceTerminating",
                "message": f"namespace {name} is being terminated",
                "field": "metadata.namespace",
            }
            given = metadata.get("name") or metadata.get("generateName", "")
            raise forbidden(about(resource), given, why, [cause])

    def _set_namespace(self, resource: ResourceType, body: Body, namespace: str) -> None:
        metadata = body["metadata"]
        given = metadata.get("namespace", "")
        if not resource.namespaced:
            metadata.pop("namespace", None)
        elif given and given != namespace:
            raise bad_request(WRONG_NAMESPACE)
        else:
            metadata["namespace"] = namespace

    # -- update

    def update(
        self, resource: ResourceType, key: Key, change: Change, options: UpdateOptions
    ) -> Written:
        """Apply `change` to the current object. Raises `StatusError`."""
        with self._store.lock:
            entry = self.collection(resource).items.get(key)
            strategy = self._strategies.of(resource)
            if entry is None:
                return self._create_by_update(resource, key, change, options)
            if options.uid and options.uid != entry.uid:
                raise conflict(
                    about(resource), key[1], uid_mismatch(resource, key, options.uid, entry.uid)
                )
            old = decode(entry.data)
            body = change(entry.data, old)
            self._check_version(resource, entry, body, strategy)
            return self._update(resource, entry, old, body, options)

    def _create_by_update(
        self, resource: ResourceType, key: Key, change: Change, options: UpdateOptions
    ) -> Written:
        below = options.subresource
        if not options.may_create or (below and not self._strategies.of(resource).create_on_status):
            raise not_found(about(resource), key[1])
        if options.uid:
            raise conflict(about(resource), key[1], uid_mismatch(resource, key, options.uid, ""))
        body = change(b"", {})
        self._set_namespace(resource, body, key[0])
        return self._create(resource, body, dry_run=options.dry_run, allocate=not below)

    def _check_version(
        self, resource: ResourceType, entry: Entry, body: Body, strategy: Strategy
    ) -> None:
        given = body["metadata"].get("resourceVersion", "")
        if given and not given.isdigit():
            raise internal(f"strconv.ParseUint: parsing {shown(given)}: invalid syntax")
        if given in ("", "0"):
            if not strategy.unconditional_update:
                error = invalid_value(
                    "metadata.resourceVersion", 0, "must be specified for an update"
                )
                named = replace(about(resource), kind=resource.plural)
                raise invalid(named, entry.key[1], [error])
        elif given != str(entry.version):
            raise conflict(about(resource), entry.key[1])

    def _update(
        self, resource: ResourceType, entry: Entry, old: Body, body: Body, options: UpdateOptions
    ) -> Written:
        strategy, metadata = self._strategies.of(resource), body["metadata"]
        self._set_namespace(resource, body, entry.key[0])
        below = options.subresource
        keep_system_fields(metadata, old["metadata"])
        if not below:
            strategy.admit(body, old)
        undo = strategy.allocate(body, old) if not below else nothing
        try:
            if below:
                strategy.prepare_subresource(below, body, old)
                errors = strategy.subresource_errors(below, body, old)
            else:
                strategy.prepare_update(body, old)
                errors = strategy.update_errors(body, old)
            if errors:
                raise invalid(hub(resource), entry.key[1], errors)
            if not below:
                strategy.refuse(body, old)
        except StatusError:
            undo()
            raise
        written = self._commit(resource, entry, old, body, dry_run=options.dry_run, undo=undo)
        return replace(
            written, warnings=() if below else tuple(strategy.update_warnings(body, old))
        )

    def _commit(
        self,
        resource: ResourceType,
        entry: Entry,
        old: Body,
        body: Body,
        *,
        dry_run: bool,
        undo: Callable[[], None],
    ) -> Written:
        strategy, metadata = self._strategies.of(resource), body["metadata"]
        metadata["resourceVersion"] = str(entry.version)
        keep_times(body, old)
        deleting = "deletionTimestamp" in old["metadata"]
        grace = old["metadata"].get("deletionGracePeriodSeconds") or 0
        if deleting and not grace and strategy.finished(body):
            return self._remove_emptied(resource, entry, body, dry_run=dry_run)
        if body == old:
            return Written(entry)
        if dry_run:
            undo()
        else:
            strategy.release(old, body)
        return Written(self.put(resource, body, dry_run=dry_run))

    def put(self, resource: ResourceType, body: Body, *, dry_run: bool = False) -> Entry:
        """Write an object as it is: whoever calls has done what strategies do."""
        strategy = self._strategies.of(resource)
        if dry_run:
            return unstored(body, strategy)
        if not is_converted(resource):
            resource.struct.put_in_order(body)
        return self._store.put(self.collection(resource), body, strategy.fields(body))

    def _remove_emptied(
        self, resource: ResourceType, entry: Entry, body: Body, *, dry_run: bool
    ) -> Written:
        """The last finalizer of a deleted object has gone, and so does the object."""
        strategy = self._strategies.of(resource)
        last = unstored(body, strategy, entry.version)
        if not dry_run:
            self.remove(resource, entry)
        return Written(last, gone=True)

    def remove(self, resource: ResourceType, entry: Entry) -> Entry:
        """The entry that comes out carries the revision of the deletion."""
        self._strategies.of(resource).release(decode(entry.data), None)
        return self._store.remove(self.collection(resource), entry)


def storage_key(resource: ResourceType) -> tuple[str, str]:
    """Events of both groups live in one collection."""
    group = "" if resource.plural == "events" else resource.group
    return group, resource.plural


def hub(resource: ResourceType) -> About:
    """Validation speaks of the internal kind: one Event for both groups."""
    return replace(about(resource), group=storage_key(resource)[0])


def unstored(body: Body, strategy: Strategy, version: int | None = None) -> Entry:
    """An entry for an object that is answered but not written."""
    if version is None:
        version = int(body["metadata"].get("resourceVersion") or 0)
    return make_entry(body, version, strategy.fields(body))
