"""The two taints of cloud controllers, and lists of taints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from conformance.contracts.kubernetes import JsonObject

Taint: TypeAlias = dict[str, Any]

UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized"
SHUTDOWN = "node.cloudprovider.kubernetes.io/shutdown"
"""Keys of k8s.io/cloud-provider/api/well_known_taints.go."""


def taints_of(node: JsonObject) -> list[Taint]:
    return list(node.get("spec", {}).get("taints") or ())


def has_taint(node: JsonObject, key: str) -> bool:
    """Whether a taint of this key is there, whatever its effect and value."""
    return any(taint["key"] == key for taint in taints_of(node))


def without(taints: Iterable[Taint], taint: Taint) -> list[Taint]:
    """The list without the taint's namesakes: those of the same key and effect."""
    return [one for one in taints if not same_place(one, taint)]


def with_taint(taints: Iterable[Taint], taint: Taint) -> list[Taint]:
    """The list with `taint` in its namesake's place, or at the end."""
    before = list(taints)
    if any(same_place(one, taint) for one in before):
        return [taint if same_place(one, taint) else one for one in before]
    return [*before, taint]


def same_place(one: Taint, other: Taint) -> bool:
    """Key and effect make a taint's identity (k8s.io/api Taint.MatchTaint)."""
    return (one["key"], one["effect"]) == (other["key"], other["effect"])
