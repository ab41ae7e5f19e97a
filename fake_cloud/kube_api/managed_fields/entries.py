"""`metadata.managedFields`: who owns which fields, between its entries and sets by owner.

Follows k8s.io/apimachinery/pkg/util/managedfields/internal/managedfields.go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, in_order, read
from fake_cloud.kube_api.managed_fields.path_elements import BadElement

APPLY, UPDATE = "Apply", "Update"

Entry = dict[str, Any]
Entries = list[Entry]


class Owner(NamedTuple):
    """Who wrote, and how. An applier is the same in every `api_version`, so that is empty there."""

    name: str
    operation: str
    api_version: str
    subresource: str

    def __str__(self) -> str:
        """As a conflict tells it."""
        text = f'"{self.name}"'
        if self.subresource:
            text += f' with subresource "{self.subresource}"'
        return f"{text} using {self.api_version}" if self.operation == UPDATE else text

    @property
    def identifier(self) -> str:
        """What kube-apiserver sorts owners by: the entry as JSON."""
        parts = {
            "manager": self.name,
            "operation": self.operation,
            "apiVersion": self.api_version,
            "subresource": self.subresource,
        }
        return ",".join(f'"{key}":"{value}"' for key, value in parts.items() if value)


@dataclass(frozen=True, slots=True)
class Owned:
    """Fields as a version names them, and when the owner last changed something.

    `entry` is what it was read from, as long as it still says the same.
    """

    fields: FieldSet
    api_version: str
    time: str = ""
    entry: Entry | None = None

    def of(self, fields: FieldSet) -> Owned:
        return self if fields is self.fields else replace(self, fields=fields, entry=None)


Owners = dict[Owner, Owned]


class BadEntries(Exception):
    """Managed fields that nobody could have written."""


def owner_of(name: str, operation: str, api_version: str, subresource: str) -> Owner:
    version = "" if operation == APPLY else api_version
    return Owner(name or "unknown", operation, version, subresource)


def owners_in(entries: Entries) -> Owners:
    """From entries that this server wrote."""
    return {
        _owner(entry): Owned(entry["fieldsV1"], entry["apiVersion"], entry.get("time", ""), entry)
        for entry in entries
    }


def owners_sent(entries: Entries) -> Owners:
    """From entries that a client sent. Raises `BadEntries`."""
    found: Owners = {}
    for entry in entries:
        known = entry.get("operation") in (APPLY, UPDATE)
        if not known or not entry.get("apiVersion") or entry.get("fieldsType") != "FieldsV1":
            raise BadEntries
        try:
            fields = read(entry.get("fieldsV1") or {})
            found[_owner(entry)] = Owned(fields, entry["apiVersion"], entry.get("time", ""))
        except BadElement:
            raise BadEntries from None
    return found


def _owner(entry: Entry) -> Owner:
    operation = entry["operation"]
    version = "" if operation == APPLY else entry["apiVersion"]
    return Owner(entry.get("manager", ""), operation, version, entry.get("subresource", ""))


def entries_of(owners: Owners) -> Entries:
    """In the order of operation, time, name, version and subresource."""
    found = [_entry(owner, owned) for owner, owned in owners.items()]
    if len(found) > 1:
        found.sort(key=_rank)
    return found


def without_times(entries: Entries, subresource: str) -> Entries:
    """Those that wrote a subresource lose their time, and with it their place."""
    kept = [
        {k: v for k, v in entry.items() if k != "time" or entry.get("subresource") != subresource}
        for entry in entries
    ]
    return sorted(kept, key=_rank)


def _entry(owner: Owner, owned: Owned) -> Entry:
    if owned.entry is not None:
        return owned.entry
    entry: Entry = {"manager": owner.name} if owner.name else {}
    entry |= {"operation": owner.operation, "apiVersion": owned.api_version}
    if owned.time:
        entry["time"] = owned.time
    entry |= {"fieldsType": "FieldsV1", "fieldsV1": in_order(owned.fields)}
    if owner.subresource:
        entry["subresource"] = owner.subresource
    return entry


def _rank(entry: Entry) -> tuple[str, ...]:
    keys = ("operation", "time", "manager", "apiVersion", "subresource")
    return tuple(entry.get(key, "") for key in keys)
