"""How values are shown in the cells of a table.

Source: k8s.io/kubernetes/pkg/printers/internalversion and k8s.io/apimachinery/pkg/util/duration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Body = dict[str, Any]

NONE, UNKNOWN, UNSET = "<none>", "<unknown>", "<unset>"
SHOWN_AT_MOST = 3
"""Elements of a list before it is cut short."""

DAY, YEAR = 24, 24 * 365
"""Hours."""


def name_of(body: Body) -> str:
    return str(body["metadata"].get("name", ""))


def age(body: Body) -> str:
    return since(body["metadata"].get("creationTimestamp"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def since(timestamp: str | None) -> str:
    if not timestamp:
        return UNKNOWN
    return human(datetime.now(UTC) - moment(timestamp))


def human(length: timedelta) -> str:
    """At most two units, and the second one only while it matters."""
    seconds = int(length.total_seconds())
    if seconds < 0:
        return "0s" if seconds >= -1 else "<invalid>"
    minutes, hours = seconds // 60, seconds // 3600
    if seconds < 120:
        return f"{seconds}s"
    if minutes < 10:
        return _two(minutes, "m", seconds % 60, "s")
    if minutes < 180:
        return f"{minutes}m"
    if hours < 8:
        return _two(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if hours < 8 * DAY:
        return _two(hours // DAY, "d", hours % DAY, "h")
    if hours < 2 * YEAR:
        return f"{hours // DAY}d"
    if hours < 8 * YEAR:
        return _two(hours // YEAR, "y", hours // DAY % 365, "d")
    return f"{hours // YEAR}y"


def _two(large: int, unit: str, small: int, smaller: str) -> str:
    return f"{large}{unit}{small}{smaller}" if small else f"{large}{unit}"


def some(items: Iterable[str], *, empty: str = UNSET) -> str:
    """The first three, and how many more there are."""
    shown = list(items)
    text = ",".join(shown[:SHOWN_AT_MOST])
    more = len(shown) - SHOWN_AT_MOST
    return f"{text} + {more} more..." if more > 0 else text or empty


def labels(pairs: Mapping[str, str] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((pairs or {}).items())) or NONE


def selector(given: Body | None) -> str:
    """A LabelSelector as kubectl's `-l` would take it."""
    given = given or {}
    terms = [(key, f"{key}={value}") for key, value in (given.get("matchLabels") or {}).items()]
    terms += [(term["key"], _expression(term)) for term in given.get("matchExpressions") or ()]
    return ",".join(text for _, text in sorted(terms)) or NONE


def _expression(term: Body) -> str:
    values = ",".join(sorted(term.get("values") or ()))
    forms = {
        "In": f"{term['key']} in ({values})",
        "NotIn": f"{term['key']} notin ({values})",
        "Exists": term["key"],
        "DoesNotExist": f"!{term['key']}",
    }
    return str(forms[term["operator"]])


def containers(pod_spec: Body) -> list[str]:
    """Names and images."""
    found = pod_spec.get("containers") or ()
    return [",".join(str(one.get(field, "")) for one in found) for field in ("name", "image")]


def template(body: Body) -> Body:
    """The pod specification of a workload."""
    return dict(body.get("spec", {}).get("template", {}).get("spec") or {})


def condition(body: Body, kind: str) -> str:
    """The status of a condition; empty when there is none of this type."""
    for one in body.get("status", {}).get("conditions") or ():
        if one.get("type") == kind:
            return str(one.get("status", ""))
    return ""


ACCESS_MODES = {
    "ReadWriteOnce": "RWO",
    "ReadOnlyMany": "ROX",
    "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}


def access_modes(modes: Iterable[str] | None) -> str:
    given = set(modes or ())
    return ",".join(short for mode, short in ACCESS_MODES.items() if mode in given)
