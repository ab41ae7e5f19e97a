"""Server-side apply: an object merged with what its applier says about it, and who owns it then.

Follows `Apply` in sigs.k8s.io/structured-merge-diff merge/update.go and in
k8s.io/apimachinery/pkg/util/managedfields/internal: structuredmerge.go, skipnonapplied.go.
"""

from __future__ import annotations

from dataclasses import dataclass

from fake_cloud.kube_api.managed_fields.entries import (
    APPLY,
    Entries,
    Owned,
    Owner,
    Owners,
    entries_of,
    owner_of,
    owners_in,
)
from fake_cloud.kube_api.managed_fields.field_sets import (
    FieldSet,
    difference,
    field_set,
    intersection,
    union,
    without_trees,
)
from fake_cloud.kube_api.managed_fields.merging import merge, remove, with_named_fields
from fake_cloud.kube_api.managed_fields.ownable import applied_set
from fake_cloud.kube_api.managed_fields.tracking import (
    Changes,
    Scope,
    ownable,
    take_away,
    taken,
    updated,
)
from fake_cloud.kube_api.managed_fields.versions import Body, Version, in_version
from fake_cloud.kube_api.system_fields import now

BEFORE_APPLY = "before-first-apply"
"""Who owns what was there before anybody was asked."""


class ApplyConflict(Exception):
    """Others own what the applier wants to change. `fields` are theirs."""

    def __init__(self, fields: dict[Owner, FieldSet]):
        super().__init__()
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Applied:
    """The merged object, in the version of the scope and not yet decoded, and its entries."""

    body: Body
    entries: Entries


def apply(scope: Scope, live: Body, config: Body, name: str, *, force: bool) -> Applied:
    """`live`, in the version of the scope, is empty for an object that is created.

    Raises `ApplyConflict` unless `force`.
    """
    version = scope.version
    before = live or version.zero()
    metadata = dict(before["metadata"])
    owners = owners_in(metadata.pop("managedFields", []))
    before = {**before, "metadata": metadata}
    if not owners and live:
        updated(scope, Changes(scope, version.zero(), before), owners, BEFORE_APPLY)
    body = _apply(
        scope, before, config, owners, owner_of(name, APPLY, "", scope.subresource), force
    )
    return Applied(body, entries_of(owners))


def _apply(
    scope: Scope, live: Body, config: Body, owners: Owners, owner: Owner, force: bool
) -> Body:
    """The merged object; `owners` are brought up to date."""
    shape, last = scope.version.shape, owners.get(owner, Owned({}, scope.api_version))
    claimed = without_trees(applied_set(shape, config), scope.reset)
    owners[owner] = Owned(claimed, scope.api_version)
    body = _pruned(scope, merge(shape, live, config), owners, last)
    changes = Changes(scope, live, body)
    conflicts = taken(changes, owners, owner)
    if conflicts and not force:
        raise ApplyConflict(conflicts)
    take_away(changes, owners, keeper=owner)
    kept = without_trees(applied_set(shape, ownable(config)), scope.reset)
    kept = difference(kept, field_set("metadata"))
    owners[owner] = Owned(kept, scope.api_version, last.time if body == live else now())
    if not kept:
        del owners[owner]
    return body


def _pruned(scope: Scope, merged: Body, owners: Owners, last: Owned) -> Body:
    """Without what the applier applied last time, not this time, and nobody else owns."""
    then = scope.find(last.api_version)
    if not last.fields or then is None:
        return merged
    here = in_version(merged, scope.version, then)
    given_up = with_named_fields(then.shape, last.fields)
    pruned = _object(here, remove(then.shape, here, given_up))
    for api_version in sorted(
        {o.api_version for o in owners.values()}, key=last.api_version.__ne__
    ):
        version = scope.find(api_version)
        if version is not None:
            pruned = _with_owned(here, pruned, then, version, owners)
    lost = difference(_named(then, here), _named(then, pruned))
    left = _object(here, remove(then.shape, here, intersection(lost, given_up)))
    return in_version(left, then, scope.version)


def _with_owned(here: Body, pruned: Body, then: Version, version: Version, owners: Owners) -> Body:
    """Put back what somebody owns, as far as this version names it."""
    owned: FieldSet = {}
    for other in owners.values():
        if other.api_version == version.api_version:
            owned = union(owned, other.fields)
    whole, rest = in_version(here, then, version), in_version(pruned, then, version)
    kept = union(_named(version, rest), with_named_fields(version.shape, owned))
    body = remove(version.shape, whole, difference(_named(version, whole), kept))
    return in_version(_object(whole, body), version, then)


def _named(version: Version, body: Body) -> FieldSet:
    return with_named_fields(version.shape, applied_set(version.shape, body))


def _object(body: Body, left: Body | None) -> Body:
    """What is left of an object, which stays one of its version and kind."""
    return left or {"apiVersion": body["apiVersion"], "kind": body["kind"]}
