"""Delete: at once, or marked while finalizers have work to do.

Follows k8s.io/apiserver/pkg/registry/generic/registry/store.go and
pkg/registry/core/namespace/storage/storage.go.
"""

from __future__ import annotations

from fake_cloud.kube_api.metadata import FOREGROUND, ORPHAN
from fake_cloud.kube_api.requests import about
from fake_cloud.kube_api.status_errors import forbidden, not_found
from fake_cloud.kube_api.store import Entry, Key, Store, decode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.strategies.registry import Strategies
from fake_cloud.kube_api.system_fields import now
from fake_cloud.kube_api.types.table import ResourceType
from fake_cloud.kube_api.writing.graceful import Course, take_course
from fake_cloud.kube_api.writing.preconditions import check_preconditions
from fake_cloud.kube_api.writing.writes import NAMESPACES, Writer, Written

IMMORTAL = ("default", "kube-system", "kube-public")
"""Namespaces that the admission plugin NamespaceLifecycle protects."""


class Deleter:
    """Marks and removes objects."""

    def __init__(self, store: Store, strategies: Strategies, writer: Writer):
        self._store, self._strategies, self._writer = store, strategies, writer

    def delete(
        self, resource: ResourceType, key: Key, options: Body, *, dry_run: bool = False
    ) -> Written:
        """Mark or remove one object. Raises `StatusError`: 404, 409."""
        if about(resource) == NAMESPACES and key[1] in IMMORTAL:
            raise forbidden(NAMESPACES, key[1], "this namespace may not be deleted")
        with self._store.lock:
            entry = self._writer.collection(resource).items.get(key)
            if entry is None:
                raise not_found(about(resource), key[1])
            check_preconditions(resource, entry, options.get("preconditions") or {})
            body = decode(entry.data)
            strategy = self._strategies.of(resource)
            course = take_course(strategy, body, options.get("gracePeriodSeconds"))
            if course is Course.PENDING:
                return Written(entry)
            finalizers = self._deletion_finalizers(resource, body["metadata"], options)
            if strategy.removed_by_controller:
                return self._terminate(resource, entry, body, finalizers, dry_run=dry_run)
            if course is Course.GRACEFUL:
                return self._let_go(resource, body, finalizers, dry_run=dry_run)
            if not finalizers:
                gone = entry if dry_run else self._writer.remove(resource, entry)
                return Written(gone, gone=True)
            return self._mark(resource, entry, body, finalizers, dry_run=dry_run)

    def _let_go(
        self, resource: ResourceType, body: Body, finalizers: list[str], *, dry_run: bool
    ) -> Written:
        """The end of the grace is written first, even when it is over at once."""
        metadata = body["metadata"]
        metadata["finalizers"] = finalizers
        if not finalizers:
            del metadata["finalizers"]
        marked = self._writer.put(resource, body, dry_run=dry_run)
        if finalizers or metadata["deletionGracePeriodSeconds"]:
            return Written(marked)
        gone = marked if dry_run else self._writer.remove(resource, marked)
        return Written(gone, gone=True)

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
        return Written(self._writer.put(resource, body, dry_run=dry_run))

    def _terminate(
        self,
        resource: ResourceType,
        entry: Entry,
        body: Body,
        finalizers: list[str],
        *,
        dry_run: bool,
    ) -> Written:
        """Marked first, by the rules of the kind; removed when no finalizer is left."""
        metadata, strategy = body["metadata"], self._strategies.of(resource)
        if "deletionTimestamp" in metadata:
            if not strategy.finished(body):
                return Written(entry)
            return Written(self._writer.remove(resource, entry), gone=True)
        metadata["deletionTimestamp"] = now()
        if finalizers:
            metadata["finalizers"] = finalizers
        strategy.condemn(body)
        return Written(self._writer.put(resource, body, dry_run=dry_run))

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
