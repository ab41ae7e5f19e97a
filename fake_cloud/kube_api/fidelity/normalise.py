"""Making two runs of a scenario comparable: what a server chose gets a name, all else stays.

uid -> U1 (order of appearance); resourceVersion of an object -> R1 (rank), of a list or bookmark ->
the newest object's rank that it covers; time -> T; generated suffix -> G; clusterIP -> IP1 and
nodePort -> NP1 where they lie in the server's range; continue token -> CONTINUE; hash of a document
-> H1; age in a table -> AGE; a long run of one character -> its length. managedFields are sorted by
their owners: a server sorts them by time, and seconds are too coarse to be repeated.
"""

from __future__ import annotations

import bisect
import ipaddress
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from fake_cloud.kube_api.fidelity.scenario import Exchange

SERVICE_RANGES = ("10.96.0.0/16", "fd00:10:96::/112")
"""What `--service-cluster-ip-range` must say for a recording."""

NODE_PORTS = range(30000, 32768)
"""Default of `--service-node-port-range` (pkg/controlplane/reconcilers, kube-apiserver)."""

UID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
TIME = re.compile(r"\b(?!2020)20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
VERSIONS = re.compile(r"(?i)resource ?version")
CURRENT = re.compile(r"(too old resource version: \d+ \()\d+(?=\))|(current: )\d+")
NUMBER = re.compile(r"\b\d+\b")
MANAGED = re.compile(r',\\?"managedFields\\?":\[.*?\]')
"""In messages that quote a whole object."""

SUFFIX = re.compile(r"[bcdfghjklmnpqrstvwxz2456789]{5}")
"""k8s.io/apimachinery/pkg/util/rand: the alphabet of generated names."""

CERTIFICATE = re.compile(r"\bX509SHA256=[0-9a-f]{64}\b")

UNORDERED = ("resourceRules", "nonResourceRules")
"""Lists of a SelfSubjectRulesReview: kube-apiserver goes through bindings as a Go map has them."""

OPAQUE = {"continue": "CONTINUE", "token": "TOKEN", "serverAddress": "SERVER"}

HASH = re.compile(r"\b[0-9A-F]{128}\b")
AGE = re.compile(r"\d{1,2}s")
"""The steps of one scenario take no longer."""

RUN = re.compile(r"(.)\1{999,}")


def normalise(steps: dict[int, list[Exchange]]) -> dict[int, list[Exchange]]:
    """The same exchanges with names for what the server chose. Names hold for one scenario."""
    names = _Names()
    for exchange in _each(steps):
        names.learn(exchange.body)
        names.learn(exchange.events)
    names.rank()
    return {
        number: [_renamed(exchange, names) for exchange in exchanges]
        for number, exchanges in steps.items()
    }


def _each(steps: dict[int, list[Exchange]]) -> Iterator[Exchange]:
    for exchanges in steps.values():
        yield from exchanges


def _renamed(exchange: Exchange, names: _Names) -> Exchange:
    events = None if exchange.events is None else _merged(names.rename(exchange.events))
    return msgspec.structs.replace(
        exchange,
        headers={name: names.text(value) for name, value in exchange.headers.items()},
        body=names.rename(exchange.body),
        events=events,
    )


def _merged(events: list[Any]) -> list[Any]:
    """A server bookmarks when it likes: the same bookmark twice says nothing new."""
    return [
        event
        for event, before in zip(events, [None, *events], strict=False)
        if event != before or event.get("type") != "BOOKMARK"
    ]


class _Names:
    """What the server chose in one scenario, and what it is called instead."""

    def __init__(self) -> None:
        self._versions: set[int] = set()
        self._ranked: list[int] = []
        self._names: dict[str, str] = {}
        self._uids: dict[str, str] = {}
        self._hashes: dict[str, str] = {}

    # -- learning

    def learn(self, value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                self.learn(item)
        elif isinstance(value, dict):
            self._learn_object(value)
            for key, item in value.items():
                if key != "managedFields":
                    self.learn(item)

    def _learn_object(self, body: dict[str, Any]) -> None:
        metadata = body.get("metadata")
        if isinstance(metadata, dict):
            version = metadata.get("resourceVersion")
            if _is_version(version) and not _covers(body):
                self._versions.add(int(str(version)))
            self._learn_generated(metadata)
        for field in ("clusterIP", "clusterIPs"):
            for address in _as_list(body.get(field)):
                self._learn_address(address)
        for field in ("nodePort", "healthCheckNodePort"):
            if body.get(field) in NODE_PORTS:
                self._name(str(body[field]), "NP")

    def _learn_generated(self, metadata: dict[str, Any]) -> None:
        prefix, name = metadata.get("generateName"), metadata.get("name", "")
        if prefix and name[:-5] == prefix[:58] and SUFFIX.fullmatch(name[-5:]):
            self._names[name] = f"{name[:-5]}G"

    def _learn_address(self, address: Any) -> None:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return
        if any(found in ipaddress.ip_network(known) for known in SERVICE_RANGES):
            self._name(address, f"IPv{found.version}-")

    def _name(self, text: str, prefix: str) -> None:
        taken = sum(name.startswith(prefix) for name in self._names.values())
        self._names.setdefault(text, f"{prefix}{taken + 1}")

    def rank(self) -> None:
        self._ranked = sorted(self._versions)

    # -- renaming

    def rename(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return self._rename_object(value)
        if isinstance(value, list):
            renamed = [self.rename(item, key) for item in value]
            return sorted(renamed, key=msgspec.json.encode) if key in UNORDERED else renamed
        if key in ("nodePort", "healthCheckNodePort"):
            return self._names.get(str(value), value)
        if not isinstance(value, str):
            return value
        if key == "cells" and AGE.fullmatch(value):
            return "AGE"
        return OPAQUE[key] if value and key in OPAQUE else self.text(value)

    def _rename_object(self, body: dict[str, Any]) -> dict[str, Any]:
        renamed = {k: self.rename(v, k) for k, v in body.items() if k != "managedFields"}
        if isinstance(body.get("managedFields"), list):
            entries = [self._rename_keys(entry) for entry in body["managedFields"]]
            renamed["managedFields"] = sorted(entries, key=_owner)
        metadata = body.get("metadata")
        if isinstance(metadata, dict) and _is_version(metadata.get("resourceVersion")):
            version = int(metadata["resourceVersion"])
            renamed["metadata"]["resourceVersion"] = self._version(version)
        return renamed

    def _rename_keys(self, value: Any) -> Any:
        """Fields of an owner: uids and addresses stand in names of list items."""
        if isinstance(value, dict):
            return {self.text(key): self._rename_keys(item) for key, item in value.items()}
        return self.text(value) if isinstance(value, str) else value

    def _version(self, version: int) -> str:
        """R2: written second; R0: older than every write that was seen."""
        return f"R{bisect.bisect_right(self._ranked, version)}"

    def text(self, text: str) -> str:
        text = MANAGED.sub("", text)
        text = CERTIFICATE.sub("X509SHA256=DIGEST", text)
        for name in sorted(self._names, key=len, reverse=True):
            if name in text:
                text = re.sub(rf"(?<![\w.:]){re.escape(name)}(?![\w:])", self._names[name], text)
        text = UID.sub(self._uid, text)
        text = HASH.sub(self._hash, text)
        text = RUN.sub(lambda match: f"{match[1]} {len(match[0])} times", text)
        text = TIME.sub(lambda match: "T.micro" if match[1] else "T", text)
        if VERSIONS.search(text):
            text = CURRENT.sub(r"\1\2NOW", text)
            text = NUMBER.sub(self._known_version, text)
        return text

    def _known_version(self, match: re.Match[str]) -> str:
        number = int(match[0])
        return self._version(number) if number in self._versions else match[0]

    def _hash(self, match: re.Match[str]) -> str:
        return self._hashes.setdefault(match[0], f"H{len(self._hashes) + 1}")

    def _uid(self, match: re.Match[str]) -> str:
        return self._uids.setdefault(match[0], f"U{len(self._uids) + 1}")


def _owner(entry: dict[str, Any]) -> tuple[str, ...]:
    keys = ("operation", "manager", "apiVersion", "subresource")
    return tuple(entry.get(key, "") for key in keys)


def _covers(body: dict[str, Any]) -> bool:
    """Lists and bookmarks tell how far they reach; only objects are written."""
    return "items" in body or not body["metadata"].get("uid")


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and value.isdecimal() and value != "0"


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
