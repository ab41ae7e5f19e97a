"""Which of the names that a definition asks for are free in its group.

Follows k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fake_cloud.kube_api.custom_resources.conditions import is_true, set_condition

Body = dict[str, Any]


@dataclass(slots=True)
class _Taken:
    resources: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)


def accept_names(definition: Body, others: Iterable[Body]) -> None:
    """Write accepted names and conditions into the status. `others`: all other definitions."""
    names, status = definition["spec"]["names"], definition["status"]
    taken, accepted = _taken(definition, others), dict(status["acceptedNames"])
    troubles: list[tuple[str, str]] = []
    for part, used in (("plural", taken.resources), ("singular", taken.resources)):
        _take(names, accepted, part, used, troubles)
    _take_short_names(names, accepted, taken.resources, troubles)
    for part, used in (("kind", taken.kinds), ("listKind", taken.kinds)):
        _take(names, accepted, part, used, troubles)
    if names.get("categories"):
        accepted["categories"] = names["categories"]
    else:
        accepted.pop("categories", None)
    status["acceptedNames"] = accepted
    _note(definition, troubles[-1] if troubles else None)


def _taken(definition: Body, others: Iterable[Body]) -> _Taken:
    taken = _Taken()
    for other in others:
        if other["spec"]["group"] == definition["spec"]["group"]:
            names = other["status"]["acceptedNames"]
            shorts = names.get("shortNames", ())
            taken.resources |= {names.get("plural"), names.get("singular"), *shorts} - {None, ""}
            taken.kinds |= {names.get("kind"), names.get("listKind")} - {None, ""}
    return taken


def _take(
    names: Body, accepted: Body, part: str, used: set[str], troubles: list[tuple[str, str]]
) -> None:
    wanted = names[part]
    if wanted != accepted.get(part) and wanted in used:
        reason = f"{part[0].upper()}{part[1:]}Conflict"
        troubles.append((reason, f'"{wanted}" is already in use'))
    else:
        accepted[part] = wanted


def _take_short_names(
    names: Body, accepted: Body, used: set[str], troubles: list[tuple[str, str]]
) -> None:
    wanted, own = names.get("shortNames", []), accepted.get("shortNames", [])
    clashes = [f'"{n}" is already in use' for n in wanted if n not in own and n in used]
    if clashes:
        text = clashes[0] if len(clashes) == 1 else f"[{', '.join(clashes)}]"
        troubles.append(("ShortNamesConflict", text))
    elif wanted:
        accepted["shortNames"] = wanted
    else:
        accepted.pop("shortNames", None)


def _note(definition: Body, trouble: tuple[str, str] | None) -> None:
    if trouble is None:
        set_condition(definition, "NamesAccepted", "True", "NoConflicts", "no conflicts found")
    else:
        set_condition(definition, "NamesAccepted", "False", *trouble)
    if is_true(definition, "Established"):
        return
    if trouble is None:
        message = "the initial names have been accepted"
        set_condition(definition, "Established", "False", "Installing", message)
    else:
        message = "not all names are accepted"
        set_condition(definition, "Established", "False", "NotAccepted", message)
