"""Who owns what after a create, an update or a patch that is no apply patch.

Follows k8s.io/apimachinery/pkg/util/managedfields/internal: fieldmanager.go, stripmeta.go,
managedfieldsupdater.go, skipnonapplied.go, capmanagers.go; and `Update` in
sigs.k8s.io/structured-merge-diff merge/update.go.
"""

from __future__ import annotations

from dataclasses import dataclass

from fake_cloud.kube_api.managed_fields.entries import (
    UPDATE,
    BadEntries,
    Entries,
    Entry,
    Owned,
    Owner,
    Owners,
    entries_of,
    owner_of,
    owners_in,
    owners_sent,
)
from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, difference, intersection, union
from fake_cloud.kube_api.managed_fields.ownable import Comparison, compare
from fake_cloud.kube_api.managed_fields.versions import Body, FindVersion, Version, in_version
from fake_cloud.kube_api.system_fields import now

MOST_UPDATERS = 10
ANCIENT = "ancient-changes"
"""Who owns what the oldest of too many updaters wrote."""

NOBODYS = frozenset(
    {
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
    }
)
"""Fields of `metadata` that have no owner."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request writes: a version of a kind, or a subresource of it.

    `reset` are the fields that this scope cannot change and therefore not own.
    """

    version: Version
    subresource: str
    reset: FieldSet
    find: FindVersion

    @property
    def api_version(self) -> str:
        return self.version.api_version


def ownable(body: Body) -> Body:
    """The object without what has no owner."""
    metadata = {k: v for k, v in (body.get("metadata") or {}).items() if k not in NOBODYS}
    parts = {k: v for k, v in body.items() if k not in ("apiVersion", "kind")}
    return {**parts, "metadata": metadata}


class Changes:
    """Two states of one object, compared in the versions that owners ask for."""

    def __init__(self, scope: Scope, live: Body, new: Body):
        """Both in the version of the scope."""
        self._scope, self._live, self._new = scope, live, new
        self.own = self._compared(scope.version)
        self._known: dict[str, Comparison | None] = {scope.api_version: self.own}

    def in_version(self, api_version: str) -> Comparison | None:
        """None for a version that is not served any more."""
        if api_version not in self._known:
            version = self._scope.find(api_version)
            self._known[api_version] = self._compared(version) if version else None
        return self._known[api_version]

    def _compared(self, version: Version) -> Comparison:
        live, new = (
            ownable(in_version(body, self._scope.version, version))
            for body in (self._live, self._new)
        )
        return compare(version.shape, live, new).without(self._scope.reset)


def track(scope: Scope, live: Body, new: Body, name: str) -> None:
    """Set `managedFields` of `new`, which replaces `live` (empty: it is created) by this writer.

    Both are in the stored form and have their defaults.
    """
    owners = _owners(scope, live, new["metadata"].pop("managedFields", None))
    if not owners and live:
        return
    before = scope.version.from_storage(live) if live else scope.version.zero()
    changes = Changes(scope, before, scope.version.from_storage(new))
    updated(scope, changes, owners, name)
    if owners:
        new["metadata"]["managedFields"] = entries_of(owners)


def _owners(scope: Scope, live: Body, sent: Entries | None) -> Owners:
    """Those of the live object, unless the main resource is sent with others."""
    stored: Entries = live["metadata"].get("managedFields", []) if live else []
    if sent is None or scope.subresource or sent == stored:
        return owners_in(stored)
    if sent in ([], [{}]):
        return {}
    try:
        return owners_sent(sent) or owners_in(stored)
    except BadEntries:
        return owners_in(stored)


def updated(scope: Scope, changes: Changes, owners: Owners, name: str) -> None:
    """Whoever changes a field owns it alone from now on."""
    take_away(changes, owners)
    written = changes.own.written
    if written:
        owner = owner_of(name, UPDATE, scope.api_version, scope.subresource)
        if owner in owners:
            written = union(written, owners[owner].fields)
        owners[owner] = Owned(written, scope.api_version, now())
    _cap(owners)


def take_away(changes: Changes, owners: Owners, keeper: Owner | None = None) -> None:
    """From all but the keeper: what somebody else has written or removed."""
    for owner, owned in list(owners.items()):
        if owner == keeper:
            continue
        compared = changes.in_version(owned.api_version)
        if compared is None:
            del owners[owner]
        elif compared:
            fields = difference(difference(owned.fields, compared.written), compared.removed)
            owners[owner] = owned.of(fields)
            if not fields:
                del owners[owner]


def taken(changes: Changes, owners: Owners, keeper: Owner) -> dict[Owner, FieldSet]:
    """What others own and the changes write."""
    found: dict[Owner, FieldSet] = {}
    for owner, owned in owners.items():
        compared = changes.in_version(owned.api_version)
        if owner != keeper and compared:
            fields = intersection(owned.fields, compared.written)
            if fields:
                found[owner] = fields
    return found


def _cap(owners: Owners) -> None:
    """Too many updaters: the oldest of a version become one."""
    updaters = [owner for owner in owners if owner.operation == UPDATE]
    if len(updaters) <= MOST_UPDATERS:
        return
    updaters.sort(key=lambda owner: (owners[owner].time, owner.identifier))
    left, first = len(updaters), dict[str, Owner]()
    for owner in updaters:
        if left <= MOST_UPDATERS:
            break
        version = owners[owner].api_version
        if version not in first:
            first[version] = owner
            continue
        bucket = Owner(ANCIENT, UPDATE, version, "")
        if bucket not in owners:
            owners[bucket] = owners.pop(first[version])
        owned = owners.pop(owner)
        fields = union(owned.fields, owners[bucket].fields)
        owners[bucket] = Owned(fields, version, owned.time)
        left -= 1


def keep_times(body: Body, old: Body) -> None:
    """A write that changes nothing but times in `managedFields` changes nothing.

    Source: k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager/equality.go.
    """
    metadata, before = body["metadata"], old["metadata"].get("managedFields", [])
    entries = metadata.get("managedFields", [])
    if entries == before or len(entries) != len(before):
        return
    if list(map(_timeless, entries)) != list(map(_timeless, before)):
        return
    kept = {**metadata, "managedFields": before}
    if {**body, "metadata": kept} == old:
        body["metadata"] = kept


def _timeless(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if key != "time"}
