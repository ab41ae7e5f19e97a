"""Opening watches: where they start, what they select, and ending all of them.

Follows k8s.io/apiserver/pkg/storage/cacher/cacher.go.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace

from fake_cloud.kube_api.forms import served_bytes
from fake_cloud.kube_api.listing import (
    NOT_OLDER,
    refuse_options,
    selection_of,
    version_number,
    whole_number,
)
from fake_cloud.kube_api.requests import Target, switched_on
from fake_cloud.kube_api.status_errors import (
    FieldError,
    expired,
    forbidden_field,
    internal,
    not_supported,
    too_large_resource_version,
)
from fake_cloud.kube_api.store import Collection, Store, TooOld
from fake_cloud.kube_api.strategies.generic import Strategy
from fake_cloud.kube_api.watching.stream import WatchOptions, WatchStream


def watch_option_errors(query: Mapping[str, str]) -> list[FieldError]:
    field, match = "resourceVersionMatch", query.get("resourceVersionMatch", "")
    initial = "sendInitialEvents" in query
    errors = []
    if initial and match != NOT_OLDER:
        why = f"sendInitialEvents requires setting resourceVersionMatch to {NOT_OLDER}"
        errors.append(forbidden_field(field, why))
    if match:
        if not initial:
            why = f"{field} is forbidden for watch unless sendInitialEvents is provided"
            errors.append(forbidden_field(field, why))
        if match != NOT_OLDER:
            errors.append(not_supported(field, match, (NOT_OLDER,)))
        if query.get("continue"):
            errors.append(forbidden_field(field, f"{field} is forbidden when continue is provided"))
    return errors


Present = Callable[[bytes], bytes]

TOO_OLD = "The resourceVersion for the provided watch is too old."
"""k8s.io/apiserver/pkg/storage/etcd3/errors.go."""


class Watcher:
    """Opens streams and knows those that are open."""

    def __init__(self, store: Store, bookmark_period: float):
        self._store, self._bookmark_period = store, bookmark_period
        self._open: weakref.WeakSet[WatchStream] = weakref.WeakSet()

    def watch(
        self,
        target: Target,
        collection: Collection,
        strategy: Strategy,
        query: Mapping[str, str],
        present: Present | None = None,
    ) -> WatchStream:
        """A started stream. Raises `StatusError` for what the client may not ask."""
        refuse_options(watch_option_errors(query))
        options = replace(self._options(target, strategy, query), present=present)
        initial = switched_on(query, "sendInitialEvents")
        text = query.get("resourceVersion", "")
        try:
            version = version_number(text)
        except ValueError as error:
            raise internal(str(error)) from None
        with self._store.lock:
            stream = WatchStream(self._store, collection, options)
            if initial and version > self._store.version:
                stream.fail(too_large_resource_version(version, self._store.version).status)
            elif initial or (version == 0 and "sendInitialEvents" not in query):
                current = options.selection.select(collection.entries(target.namespace))
                stream.start(current, end_mark=options.bookmarks)
            else:
                self._resume(stream, collection, version or self._store.version)
            self._open.add(stream)
        return stream

    def _resume(self, stream: WatchStream, collection: Collection, version: int) -> None:
        try:
            missed = collection.changes_since(version)
        except TooOld:
            stream.fail(expired(TOO_OLD).status)
        else:
            stream.start(missed=missed, after=version)

    def _options(
        self, target: Target, strategy: Strategy, query: Mapping[str, str]
    ) -> WatchOptions:
        seconds = whole_number(query, "timeoutSeconds")
        return WatchOptions(
            selection=selection_of(target, strategy, query),
            api_version=target.resource.api_version,
            kind=target.resource.kind,
            convert=served_bytes(target.resource),
            bookmarks=switched_on(query, "allowWatchBookmarks"),
            bookmark_period=self._bookmark_period,
            timeout=float(seconds) if seconds else None,
        )

    def close_of(self, collection: Collection) -> None:
        """End what follows one collection."""
        for stream in list(self._open):
            if stream.collection is collection:
                stream.close()

    def close_all(self) -> None:
        for stream in list(self._open):
            stream.close()
