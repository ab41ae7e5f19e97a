"""GET of a collection: selectors, pages, revisions.

Follows k8s.io/apimachinery/pkg/apis/meta/internalversion/validation and
k8s.io/apiserver/pkg/storage/{continue,errors}.go.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from fake_cloud.kube_api.bodies.go_json import go_json_error
from fake_cloud.kube_api.forms import served_bytes
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.selectors import FieldTerm, field_terms, label_selector
from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    StatusError,
    bad_request,
    forbidden_field,
    internal,
    invalid,
    not_supported,
    too_large_resource_version,
)
from fake_cloud.kube_api.store import Collection, Entry, Store, TooOld, encode
from fake_cloud.kube_api.strategies.generic import Strategy
from fake_cloud.kube_api.types.table import ResourceType
from fake_cloud.kube_api.watching.stream import Selection

PAGE_VERSION = "meta.k8s.io/v1"
MADE = f"(version {PAGE_VERSION})"
EXACT, NOT_OLDER = "Exact", "NotOlderThan"
OUTLIVED_PAGE = (
    "The provided continue parameter is too old to display a consistent list result. You can start "
    "a new list without the continue parameter, or use the continue token in this response to "
    "retrieve the remainder of the results. Continuing with the provided token results in an "
    "inconsistent list - objects that were created, modified, or deleted between the time the "
    "first chunk was returned and now may show up in the list."
)
TOO_OLD_VERSION = "The resourceVersion for the provided list is too old."


@dataclass(frozen=True, slots=True)
class Page:
    """Where a list goes on: `version` -1 means "as it is now"."""

    version: int
    after: tuple[str, str]

    def token(self, namespaced: bool) -> str:
        namespace, name = self.after
        start = f"{namespace}/{name}\0" if namespaced else f"{name}\0"
        body = encode({"v": PAGE_VERSION, "rv": self.version, "start": start})
        return base64.urlsafe_b64encode(body).rstrip(b"=").decode()


def read_token(token: str, namespace: str, *, namespaced: bool) -> Page:
    """Raises a 400 `StatusError` for a token that no server made."""
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        document = msgspec.json.decode(data)
    except binascii.Error:
        raise _bad_token("continue key is not valid: illegal base64 data") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad_token(f"continue key is not valid: {go_json_error(data, error)}") from None
    if not isinstance(document, dict) or document.get("v") != PAGE_VERSION:
        seen = document.get("v", "") if isinstance(document, dict) else ""
        why = "continue key is not valid: server does not recognize this encoded version"
        raise _bad_token(f"{why} {seen}")
    start, version = str(document.get("start", "")).rstrip("\0"), document.get("rv", 0)
    if version == 0:
        raise _bad_token(
            f"continue key is not valid: incorrect encoded start resourceVersion {MADE}"
        )
    if not start:
        raise _bad_token(f"continue key is not valid: encoded start key empty {MADE}")
    owner, _, name = start.rpartition("/") if namespaced else ("", "", start)
    return Page(version, (owner or (namespace if namespaced else ""), name))


def _bad_token(why: str) -> StatusError:
    return bad_request(f"invalid continue token: {why}")


def selection_of(target: Target, strategy: Strategy, query: Mapping[str, str]) -> Selection:
    """The selectors of a list or watch. Raises a 400 `StatusError`."""
    terms = field_terms(query.get("fieldSelector", ""))
    known = strategy.field_labels()
    for term in terms:
        if term.path not in known:
            raise bad_request(_unsupported(target.resource, term.path))
    labels = label_selector(query.get("labelSelector", ""))
    if not terms and not target.name:
        return Selection(target.namespace, labels, None)
    if target.name:
        terms = [*terms, FieldTerm("metadata.name", target.name, True)]
    return Selection(
        target.namespace,
        labels,
        lambda fields: all(term.matches(fields) for term in terms),
    )


def _unsupported(resource: ResourceType, path: str) -> str:
    if resource.plural in HAS_OWN_LABELS or resource.custom is not None:
        return f"field label not supported: {path}"
    known = '"metadata.name", "metadata.namespace"'
    return f'"{path}" is not a known field selector: only {known}'


HAS_OWN_LABELS = {"events", "nodes", "pods", "namespaces", "secrets", "services"}
"""Types whose Go package registers its own field labels, with an error of its own."""


def whole_number(query: Mapping[str, str], name: str) -> int | None:
    """Raises 400 for text that is no number."""
    text = query.get(name, "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def version_number(text: str) -> int:
    """A `resourceVersion` parameter; empty is 0. Raises ValueError with apiserver's words."""
    if text and not text.isdigit():
        raise ValueError(
            f'resourceVersion: Invalid value: "{text}": '
            f'strconv.ParseUint: parsing "{text}": invalid syntax'
        )
    return int(text or 0)


def list_option_errors(query: Mapping[str, str]) -> list[FieldError]:
    match, field = query.get("resourceVersionMatch", ""), "resourceVersionMatch"
    errors = []
    if match:
        if not query.get("resourceVersion"):
            why = f"{field} is forbidden unless resourceVersion is provided"
            errors.append(forbidden_field(field, why))
        if query.get("continue"):
            errors.append(forbidden_field(field, f"{field} is forbidden when continue is provided"))
        if match not in (EXACT, NOT_OLDER):
            errors.append(not_supported(field, match, (EXACT, NOT_OLDER, "")))
        if match == EXACT and query.get("resourceVersion") == "0":
            why = f'{field} "exact" is forbidden for resourceVersion "0"'
            errors.append(forbidden_field(field, why))
    if query.get("sendInitialEvents"):
        why = "sendInitialEvents is forbidden for list"
        errors.append(forbidden_field("sendInitialEvents", why))
    return errors


def refuse_options(errors: list[FieldError]) -> None:
    if errors:
        raise invalid(About("meta.k8s.io", "", "ListOptions"), "", errors)


class Lister:
    """Answers lists from the store."""

    def __init__(self, store: Store):
        self._store = store

    def answer(
        self, target: Target, collection: Collection, strategy: Strategy, query: Mapping[str, str]
    ) -> bytes:
        """The encoded List object. Raises `StatusError`."""
        refuse_options(list_option_errors(query))
        selection = selection_of(target, strategy, query)
        limit = whole_number(query, "limit") or 0
        with self._store.lock:
            version, entries, remains = self._entries(target, collection, query)
        chosen = selection.select(entries)
        more = chosen[limit:] if limit > 0 else []
        chosen = chosen[:limit] if limit > 0 else chosen
        metadata: dict[str, str | int] = {"resourceVersion": str(version)}
        if more:
            page = Page(remains, chosen[-1].key)
            metadata["continue"] = page.token(target.resource.namespaced)
            if selection.labels is None and selection.fields is None:
                metadata["remainingItemCount"] = len(more)
        return encode_list(target.resource, metadata, chosen)

    def check_version(self, query: Mapping[str, str], *, in_get: bool = False) -> int:
        """The wanted revision. Raises 400 (500 in a GET of one object) or 504."""
        try:
            wanted = version_number(query.get("resourceVersion", ""))
        except ValueError as error:
            if in_get:
                raise internal(str(error)) from None
            raise bad_request(f"invalid resource version: {error}") from None
        if wanted > self._store.version:
            raise too_large_resource_version(wanted, self._store.version)
        return wanted

    def _entries(
        self, target: Target, collection: Collection, query: Mapping[str, str]
    ) -> tuple[int, list[Entry], int]:
        """The revision to name, the objects, and the revision of the pages to come."""
        if token := query.get("continue"):
            return self._next_page(target, collection, token, query)
        wanted = self.check_version(query)
        match = query.get("resourceVersionMatch", "")
        exact = match == EXACT or (not match and wanted and query.get("limit"))
        if not exact:
            version = self._store.version
            return version, collection.entries(target.namespace), version
        try:
            return wanted, collection.entries_at(wanted, target.namespace), wanted
        except TooOld:
            raise StatusError(410, "Expired", TOO_OLD_VERSION) from None

    def _next_page(
        self, target: Target, collection: Collection, token: str, query: Mapping[str, str]
    ) -> tuple[int, list[Entry], int]:
        if query.get("resourceVersion") not in (None, "", "0"):
            raise bad_request("specifying resource version is not allowed when using continue")
        namespaced = target.resource.namespaced
        page = read_token(token, target.namespace, namespaced=namespaced)
        version = self._store.version if page.version < 0 else page.version
        try:
            found = collection.entries_at(version, target.namespace)
        except TooOld:
            raise _expired_token(Page(-1, page.after).token(namespaced)) from None
        return version, [entry for entry in found if entry.key > page.after], version


def _expired_token(token: str) -> StatusError:
    error = StatusError(410, "Expired", OUTLIVED_PAGE)
    error.status["metadata"] = {"continue": token}
    return error


def encode_list(
    resource: ResourceType, metadata: Mapping[str, str | int], entries: list[Entry]
) -> bytes:
    """Joined from stored bytes; items of a typed list carry no kind of their own."""
    untyped = resource.custom is not None
    if untyped:
        metadata = {"continue": "", **metadata}
    head = encode(
        {"kind": resource.list_kind, "apiVersion": resource.api_version, "metadata": metadata}
    )
    if not entries:
        return head[:-1] + b',"items":[]}'
    convert = served_bytes(resource)
    items = [entry.data if convert is None else convert(entry.data) for entry in entries]
    typed = len(encode({"kind": resource.kind, "apiVersion": resource.api_version}))
    cut = 1 if untyped else typed
    joined = b",{".join([item[cut:] for item in items])
    return head[:-1] + b',"items":[{' + joined + b"]}"
