"""One method a verb: from a parsed request to a reply.

Follows k8s.io/apiserver/pkg/endpoints/handlers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from fake_cloud.kube_api.authorization.escalation import EscalationGuard
from fake_cloud.kube_api.bodies.reading import dry_run, field_validation, media_type, read_object
from fake_cloud.kube_api.forms import from_storage, served_bytes, to_storage
from fake_cloud.kube_api.http import JSON, Reply, Request, Streaming
from fake_cloud.kube_api.listing import Lister, selection_of
from fake_cloud.kube_api.managed_fields.tracking import track
from fake_cloud.kube_api.representations.encodings import stream_encoding
from fake_cloud.kube_api.representations.presenting import Presentation, presentation_of
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import StatusError, conflict, not_found
from fake_cloud.kube_api.store import Entry, Store, decode, encode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.strategies.registry import Strategies
from fake_cloud.kube_api.subresources.served import CUSTOM, subresources
from fake_cloud.kube_api.system_fields import wipe_sent
from fake_cloud.kube_api.types.served import ServedTypes
from fake_cloud.kube_api.watching.opening import Watcher
from fake_cloud.kube_api.writing.apply_patch import APPLY, ApplyPatch
from fake_cloud.kube_api.writing.delete_options import delete_options
from fake_cloud.kube_api.writing.deletes import Deleter
from fake_cloud.kube_api.writing.field_scopes import FieldScopes
from fake_cloud.kube_api.writing.identity import check_name
from fake_cloud.kube_api.writing.patching import Patch
from fake_cloud.kube_api.writing.write_options import writer_name
from fake_cloud.kube_api.writing.writes import UpdateOptions, Writer, Written

REPLY_HEADERS: Mapping[str, str] = {"Content-Type": JSON}


class Handlers:
    """Answers resource requests. Every method raises `StatusError`."""

    def __init__(
        self,
        store: Store,
        strategies: Strategies,
        served: ServedTypes,
        guard: EscalationGuard,
        bookmark_period: float,
    ):
        self._strategies, self._served, self._guard = strategies, served, guard
        self._writer = Writer(store, strategies)
        self._delete_options = served.table.struct("apis.meta.v1.DeleteOptions")
        self.scopes = FieldScopes(strategies, served)
        self._deleter = Deleter(store, strategies, self._writer)
        self._lister = Lister(store)
        self.watcher = Watcher(store, bookmark_period)
        scopes, kinds = self.scopes, served.now.kinds
        self._below = subresources(
            store, self._writer, self._deleter, scopes, kinds, strategies.minor
        )
        self._verbs: dict[str, Callable[[Request, Target], Reply]] = {
            "get": self._get,
            "list": self._list,
            "create": self._create,
            "update": self._update,
            "patch": self._patch,
            "delete": self._delete,
            "deletecollection": self._delete_collection,
        }

    def handle(self, request: Request, target: Target) -> Reply | Streaming:
        presentation = presentation_of(request, target, self._strategies.minor)
        if target.verb == "watch":
            return self._watch(request, target, presentation)
        custom = target.resource.custom
        parent = CUSTOM if custom else (target.resource.group, target.resource.plural)
        answer = self._below.get((*parent, target.subresource)) or self._verbs[target.verb]
        reply = answer(request, target)
        if custom is not None and custom.deprecation:
            headers = with_warnings(reply.headers, [custom.deprecation])
            reply = replace(reply, headers=headers)
        return reply if presentation is None else presentation.reply(reply)

    def _get(self, request: Request, target: Target) -> Reply:
        self._lister.check_version(request.query, in_get=True)
        entry = self._entry(target)
        return self._reply(target, entry)

    def _entry(self, target: Target) -> Entry:
        collection = self._writer.collection(target.resource)
        entry = collection.items.get((target.namespace, target.name))
        if entry is None:
            raise not_found(target.about, target.name)
        return entry

    def _list(self, request: Request, target: Target) -> Reply:
        collection = self._writer.collection(target.resource)
        strategy = self._strategies.of(target.resource)
        body = self._lister.answer(target, collection, strategy, request.query)
        return Reply(200, REPLY_HEADERS, body)

    def _watch(
        self, request: Request, target: Target, presentation: Presentation | None
    ) -> Streaming:
        collection = self._writer.collection(target.resource)
        strategy = self._strategies.of(target.resource)
        shown = None if presentation is None else presentation.lines()
        headers, present = stream_encoding(request, target.resource, shown)
        stream = self.watcher.watch(target, collection, strategy, request.query, present)
        return Streaming(200, headers, stream)

    def _create(self, request: Request, target: Target) -> Reply:
        validation = field_validation(request, "CreateOptions")
        dry = dry_run(request, "CreateOptions")
        writer = writer_name(request, "CreateOptions")
        decoded = read_object(request, target.resource, validation, self._served.now.kinds)
        body = self._defaulted(target, to_storage(target.resource, decoded.body))
        self._guard.check(request, target, body)
        wipe_sent(body["metadata"])
        track(self.scopes.of(target), {}, body, writer)
        with warned(decoded.warnings):
            written = self._writer.create(target.resource, target.namespace, body, dry_run=dry)
        return self._written(target, written, decoded.warnings)

    def _update(self, request: Request, target: Target) -> Reply:
        validation = field_validation(request, "UpdateOptions")
        dry = dry_run(request, "UpdateOptions")
        writer = writer_name(request, "UpdateOptions")
        decoded = read_object(request, target.resource, validation, self._served.now.kinds)
        body = self._defaulted(target, to_storage(target.resource, decoded.body))
        check_name(body, target)
        self._guard.check(request, target, body)
        options = UpdateOptions(
            target.subresource,
            dry_run=dry,
            may_create=self._strategies.of(target.resource).create_on_update,
            uid=body["metadata"].get("uid", ""),
        )

        def replace(_: bytes, old: Body) -> Body:
            track(self.scopes.of(target), old, body, writer)
            return body

        key = (target.namespace, target.name)
        with warned(decoded.warnings):
            written = self._writer.update(target.resource, key, replace, options)
        return self._written(target, written, decoded.warnings)

    def _patch(self, request: Request, target: Target) -> Reply:
        applying = media_type(request) == APPLY
        validation = field_validation(request, "PatchOptions")
        dry = dry_run(request, "PatchOptions")
        writer = writer_name(request, "PatchOptions", applying=applying)
        scope = self.scopes.of(target)
        kinds, minor = self._served.now.kinds, self._strategies.minor
        patch: Patch | ApplyPatch = (
            ApplyPatch(request, scope, target.resource, writer, validation, minor)
            if applying
            else Patch(request, target.resource, validation, kinds, minor)
        )

        def change(data: bytes, old: Body) -> Body:
            patched = patch.apply(from_storage(target.resource, decode(data)) if old else {})
            check_patched(patched, old, target)
            body = self._defaulted(target, to_storage(target.resource, patched))
            self._guard.check(request, target, body)
            if not applying:
                track(scope, old, body, writer)
            return body

        options = UpdateOptions(target.subresource, dry_run=dry, may_create=applying)
        key = (target.namespace, target.name)
        written = self._writer.update(target.resource, key, change, options)
        return self._written(target, written, patch.warnings)

    def _delete(self, request: Request, target: Target) -> Reply:
        options = delete_options(request, self._delete_options)
        dry = dry_run(request, "DeleteOptions", options)
        key = (target.namespace, target.name)
        written = self._deleter.delete(target.resource, key, options, dry_run=dry)
        status = 202 if not written.gone and options.get("orphanDependents") is False else 200
        if written.gone and target.resource.plural not in RETURNED_WHEN_DELETED:
            return Reply(200, REPLY_HEADERS, encode(deleted_status(target, written.entry)))
        return self._reply(target, written.entry, status)

    def _delete_collection(self, request: Request, target: Target) -> Reply:
        options = delete_options(request, self._delete_options)
        dry = dry_run(request, "DeleteOptions", options)
        listing = self._list(request, target)
        collection = self._writer.collection(target.resource)
        selection = selection_of(target, self._strategies.of(target.resource), request.query)
        for entry in selection.select(collection.entries(target.namespace)):
            try:
                self._deleter.delete(target.resource, entry.key, options, dry_run=dry)
            except StatusError as error:
                if error.code != 404:
                    raise
        return listing

    def _defaulted(self, target: Target, body: Body) -> Body:
        self._strategies.of(target.resource).default(body)
        return body

    def _written(self, target: Target, written: Written, warnings: list[str]) -> Reply:
        status = 201 if written.created else 200
        return self._reply(target, written.entry, status, [*warnings, *written.warnings])

    def _reply(
        self, target: Target, entry: Entry, status: int = 200, warnings: list[str] | None = None
    ) -> Reply:
        convert = served_bytes(target.resource)
        data = entry.data if convert is None else convert(entry.data)
        return Reply(status, with_warnings(REPLY_HEADERS, warnings or []), data)


RETURNED_WHEN_DELETED = frozenset(
    {
        "namespaces",
        "persistentvolumes",
        "persistentvolumeclaims",
        "pods",
        "podtemplates",
        "resourcequotas",
        "services",
        "serviceaccounts",
        "deviceclasses",
        "resourceclaims",
        "resourceclaimtemplates",
        "resourceslices",
        "csidrivers",
        "csinodes",
        "storageclasses",
        "volumeattachments",
        "volumeattributesclasses",
    }
)
"""Types whose store has ReturnDeletedObject set; the others answer with a Status."""


def with_warnings(headers: Mapping[str, str], warnings: list[str]) -> Mapping[str, str]:
    """What is said first stands before what later steps said."""
    said = [f'299 - "{quoted(warning)}"' for warning in warnings]
    later = [headers["Warning"]] if "Warning" in headers else []
    return {**headers, "Warning": ", ".join([*said, *later])} if said else headers


@contextmanager
def warned(warnings: list[str]) -> Iterator[None]:
    """A write that is refused says them, too."""
    try:
        yield
    except StatusError as error:
        error.warnings[:0] = warnings
        raise


def quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def failure(error: StatusError) -> Reply:
    headers = dict(REPLY_HEADERS)
    seconds = error.status.get("details", {}).get("retryAfterSeconds")
    if seconds:
        headers["Retry-After"] = str(seconds)
    return Reply(error.code, with_warnings(headers, error.warnings), encode(error.status))


def deleted_status(target: Target, entry: Entry) -> dict[str, Any]:
    details = {
        "name": target.name,
        "group": target.resource.group,
        "kind": target.resource.plural,
        "uid": entry.uid,
    }
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {key: value for key, value in details.items() if value},
    }


def check_patched(patched: Body, old: Body, target: Target) -> None:
    """A patch creates no object with a uid, and none with another name."""
    uid = patched["metadata"].get("uid")
    if uid and not old:
        sent = f"the provided object specified uid {uid}"
        why = f"uid mismatch: {sent}, and no existing object was found"
        raise conflict(target.about, target.name, why)
    check_name(patched, target)
