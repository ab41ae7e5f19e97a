"""Create, update, delete: the transactions of the store, with strategies and preconditions.

Follows k8s.io/apiserver/pkg/registry/generic/registry/store.go and pkg/registry/rest.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from fake_cloud.kube_api.metadata import FOREGROUND, ORPHAN
from fake_cloud.kube_api.requests import about
from fake_cloud.kube_api.status_errors import (
    About,
    StatusError,
    already_exists,
    bad_request,
    conflict,
    internal,
    forbidden,
    invalid,
    invalid_value,
    not_found,
    shown,
)
from fake_cloud.kube_api.store import Collection, Entry, Key, Store, decode, make_entry
from fake_cloud.kube_api.strategies.generic import Body, Strategy, nothing
from fake_cloud.kube_api.strategies.registry import Strategies
from fake_cloud.kube_api.types.table import ResourceType

ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""Letters of generated names: k8s.io/apimachinery/pkg/util/rand."""

SUFFIX = 5
LONGEST_PREFIX = 63 - SUFFIX
"""A generated name keeps to 63 characters: k8s.io/apiserver/pkg/storage/names/generate.go."""

WRONG_NAMESPACE = (
    "the namespace of the provided object does not match the namespace sent on the request"
)

Change = Callable[[Body], Body]
"""From the current object (a copy) to the wanted one, decoded and with defaults."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write left behind. `entry` is the object; `created` and `gone` say how."""

    entry: Entry
    created: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class UpdateOptions:
    subresource: str = ""
    dry_run: bool = False
    may_create: bool = False
    uid: str = ""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def storage_key(resource: ResourceType) -> tuple[str, str]:
    """Events of both groups live in one collection."""
    group = "" if resource.plural == "events" else resource.group
    return group, resource.plural


class Writer:
    """Every change of the store goes through here."""

    def __init__(self, store: Store, strategies: Strategies):
        self._store, self._strategies = store, strategies

    def collection(self, resource: ResourceType) -> Collection:
        return self._store.collection(*storage_key(resource))

    # -- create

    def create(
        self, resource: ResourceType, namespace: str, body: Body, *, dry_run: bool = False
    ) -> Entry:
        """Raises `StatusError`: 400, 403, 404, 409, 422."""
        with self._store.lock:
            self._set_namespace(resource, body, namespace)
            if body["metadata"].get("resourceVersion"):
                raise internal("resourceVersion should not be set on objects to be created")
            return self._create(resource, body, dry_run=dry_run)

    def _create(self, resource: ResourceType, body: Body, *, dry_run: bool) -> Entry:
        strategy, metadata = self._strategies.of(resource), body["metadata"]
        self._check_namespace(resource, metadata)
        wipe(metadata)
        metadata.update(uid=str(uuid.uuid4()), creationTimestamp=now())
        if metadata.get("generateName") and not metadata.get("name"):
            metadata["name"] = generated_name(metadata["generateName"])
            strategy.default(body)
        strategy.admit(body, None)
        undo = strategy.allocate(body, None)
        try:
            strategy.prepare_create(body)
            if errors := strategy.create_errors(body):
                raise invalid(about(resource), metadata.get("name", ""), errors)
            collection = self.collection(resource)
            if (metadata.get("namespace", ""), metadata["name"]) in collection.items:
                raise already_exists(about(resource), metadata["name"])
        except StatusError:
            undo()
            raise
        if dry_run:
            undo()
            return unstored(body, strategy)
        return self._store.put(collection, body, strategy.fields(body))

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
            raise forbidden(about(resource), metadata.get("name", ""), why, [cause])

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
            body = change(decode(entry.data))
            self._check_version(resource, entry, body, strategy)
            return self._update(resource, entry, old, body, options)

    def _create_by_update(
        self, resource: ResourceType, key: Key, change: Change, options: UpdateOptions
    ) -> Written:
        allowed = options.may_create and self._strategies.of(resource).create_on_update
        if not allowed or options.subresource:
            raise not_found(about(resource), key[1])
        if options.uid:
            raise conflict(about(resource), key[1], uid_mismatch(resource, key, options.uid, ""))
        body = change({})
        self._set_namespace(resource, body, key[0])
        return Written(self._create(resource, body, dry_run=options.dry_run), created=True)

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
                errors = strategy.subresource_errors(body, old)
            else:
                strategy.prepare_update(body, old)
                errors = strategy.update_errors(body, old)
            keep_timestamps(metadata, old["metadata"])
            if errors:
                raise invalid(about(resource), entry.key[1], errors)
        except StatusError:
            undo()
            raise
        return self._commit(resource, entry, old, body, dry_run=options.dry_run, undo=undo)

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
        deleting = "deletionTimestamp" in old["metadata"]
        grace = old["metadata"].get("deletionGracePeriodSeconds") or 0
        if deleting and not grace and strategy.finished(body):
            return self._remove_emptied(resource, entry, body, dry_run=dry_run)
        if body == old:
            return Written(entry)
        if dry_run:
            undo()
            return Written(unstored(body, strategy))
        strategy.release(old, body)
        return Written(self._store.put(self.collection(resource), body, strategy.fields(body)))

    def _remove_emptied(
        self, resource: ResourceType, entry: Entry, body: Body, *, dry_run: bool
    ) -> Written:
        """The last finalizer of a deleted object has gone, and so does the object."""
        strategy = self._strategies.of(resource)
        last = unstored(body, strategy, entry.version)
        if not dry_run:
            self._remove(resource, last)
        return Written(last, gone=True)

    # -- delete

    def delete(
        self, resource: ResourceType, key: Key, options: Body, *, dry_run: bool = False
    ) -> Written:
        """Mark or remove one object. Raises `StatusError`: 404, 409."""
        with self._store.lock:
            entry = self.collection(resource).items.get(key)
            if entry is None:
                raise not_found(about(resource), key[1])
            check_preconditions(resource, entry, options.get("preconditions") or {})
            body = decode(entry.data)
            finalizers = self._deletion_finalizers(resource, body["metadata"], options)
            if resource.plural == "namespaces" and not resource.group:
                return self._terminate(resource, entry, body, finalizers, dry_run=dry_run)
            if not finalizers:
                if not dry_run:
                    self._remove(resource, entry)
                return Written(entry, gone=True)
            return self._mark(resource, entry, body, finalizers, dry_run=dry_run)

    def _mark(
        self,
        resource: ResourceType,
        entry: Entry,
        body: Body,
        finalizers: list[str],
        *,
        dry_run: bool,
    ) -> Written:
        old, metadata = decode(entry.data), body["metadata"]
        metadata["finalizers"] = finalizers
        metadata.setdefault("deletionTimestamp", now())
        metadata["deletionGracePeriodSeconds"] = 0
        if metadata.get("generation") and "deletionTimestamp" not in old["metadata"]:
            metadata["generation"] += 1
        if body == old:
            return Written(entry)
        strategy = self._strategies.of(resource)
        if dry_run:
            return Written(unstored(body, strategy))
        return Written(self._store.put(self.collection(resource), body, strategy.fields(body)))

    def _terminate(
        self,
        resource: ResourceType,
        entry: Entry,
        body: Body,
        finalizers: list[str],
        *,
        dry_run: bool,
    ) -> Written:
        """Namespaces are marked first, and removed when both kinds of finalizers are gone."""
        metadata = body["metadata"]
        if "deletionTimestamp" not in metadata:
            old = decode(entry.data)
            metadata["deletionTimestamp"] = now()
            body["status"]["phase"] = "Terminating"
            if finalizers:
                metadata["finalizers"] = finalizers
            strategy = self._strategies.of(resource)
            if dry_run or body == old:
                return Written(unstored(body, strategy))
            return Written(self._store.put(self.collection(resource), body, strategy.fields(body)))
        if body["spec"].get("finalizers") or metadata.get("finalizers"):
            return Written(entry)
        self._remove(resource, entry)
        return Written(entry, gone=True)

    def _remove(self, resource: ResourceType, entry: Entry) -> None:
        self._strategies.of(resource).release(decode(entry.data), None)
        self._store.remove(self.collection(resource), entry)

    def _deletion_finalizers(
        self, resource: ResourceType, metadata: Body, options: Body
    ) -> list[str]:
        """The finalizers after the wanted propagation is written into them."""
        current: list[str] = metadata.get("finalizers") or []
        if not self._strategies.of(resource).garbage_collected:
            return current
        policy = options.get("propagationPolicy")
        orphan_dependents = options.get("orphanDependents")
        if orphan_dependents is not None:
            policy = "Orphan" if orphan_dependents else "Background"
        kept = [finalizer for finalizer in current if finalizer not in (ORPHAN, FOREGROUND)]
        if policy == "Orphan" or (policy is None and ORPHAN in current):
            return [*kept, ORPHAN]
        if policy == "Foreground" or (policy is None and FOREGROUND in current):
            return [*kept, FOREGROUND]
        return kept


NAMESPACES = About("", "namespaces", "Namespace")


def wipe(metadata: Body) -> None:
    """System fields that a creator may send and the server ignores."""
    for field in (
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "resourceVersion",
        "managedFields",
    ):
        metadata.pop(field, None)


def keep_system_fields(metadata: Body, old: Body) -> None:
    """What an update cannot change and therefore need not send."""
    metadata.pop("selfLink", None)
    metadata.pop("managedFields", None)
    metadata.setdefault("uid", old["uid"])
    metadata["creationTimestamp"] = old["creationTimestamp"]
    if "generation" in old:
        metadata["generation"] = old["generation"]
    else:
        metadata.pop("generation", None)
    if "deletionTimestamp" in old:
        metadata["deletionTimestamp"] = old["deletionTimestamp"]
    if "deletionGracePeriodSeconds" in old:
        metadata.setdefault("deletionGracePeriodSeconds", old["deletionGracePeriodSeconds"])


def keep_timestamps(metadata: Body, old: Body) -> None:
    metadata["creationTimestamp"] = old["creationTimestamp"]


def generated_name(prefix: str) -> str:
    suffix = "".join(secrets.choice(ALPHABET) for _ in range(SUFFIX))
    return prefix[:LONGEST_PREFIX] + suffix


def unstored(body: Body, strategy: Strategy, version: int | None = None) -> Entry:
    """An entry for an object that is answered but not written."""
    if version is None:
        version = int(body["metadata"].get("resourceVersion") or 0)
    return make_entry(body, version, strategy.fields(body))


def uid_mismatch(resource: ResourceType, key: Key, wanted: str, seen: str) -> str:
    path = "/".join(part for part in ("", "registry", *storage_path(resource), *key) if part)
    return (
        f"StorageError: invalid object, Code: 4, Key: /{path}, ResourceVersion: 0, "
        f"AdditionalErrorMsg: Precondition failed: UID in precondition: {wanted}, "
        f"UID in object meta: {seen}"
    )


def storage_path(resource: ResourceType) -> tuple[str, ...]:
    """Where etcd would keep it: nodes are `minions`, services `services/specs`."""
    special = {"nodes": ("minions",), "services": ("services", "specs")}
    return special.get(resource.plural, (resource.plural,))


def check_preconditions(
    resource: ResourceType, entry: Entry, preconditions: dict[str, Any]
) -> None:
    """Raises 409 when the object is not the one that the client meant."""
    named = replace(about(resource), plural=resource.kind)
    uid, version = preconditions.get("uid"), preconditions.get("resourceVersion")
    if uid is not None and uid != entry.uid:
        why = (
            f"the UID in the precondition ({uid}) does not match the UID in record ({entry.uid}). "
            "The object might have been deleted and then recreated"
        )
        raise conflict(named, entry.key[1], why)
    if version is not None and version != str(entry.version):
        why = (
            f"the ResourceVersion in the precondition ({version}) does not match the "
            f"ResourceVersion in record ({entry.version}). The object might have been modified"
        )
        raise conflict(named, entry.key[1], why)
