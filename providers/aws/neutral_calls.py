"""AWS API actions in the journal's neutral words.

Every loop of the AWS controller asks about instances with the same action, so the caller of a call
stays unknown. That action is a list, also where it names instances (by id or private DNS name).
Actions of areas that have no check yet keep their own name as the resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

RESOURCES: Mapping[str, str] = {
    "DescribeInstances": "instance",
    "DescribeAvailabilityZones": "zone",
    "DescribeInstanceTopology": "topology",
}
"""Actions of the node loops. The first alone decides about a node, so it alone is `instance`."""

NAMING_FILTERS = frozenset({"instance-id", "private-dns-name"})
"""Filters whose values name an instance."""

_INSTANCE_ID = re.compile(r"InstanceId\.\d+$")
_FILTER_NAME = re.compile(r"(Filter\.\d+)\.Name$")
_READING = ("Describe", "Get", "List")


@dataclass(frozen=True, slots=True)
class NeutralCall:
    """One call in neutral words; `operation` is the action's own name."""

    resource: str
    verb: str
    about: frozenset[str]
    operation: str
    mutating: bool


def neutral_call(parameters: Mapping[str, str]) -> NeutralCall:
    """Read the form of one query-protocol request (EC2, ELB)."""
    action = parameters.get("Action", "")
    return NeutralCall(
        resource=RESOURCES.get(action, action or "metadata"),
        verb=_verb(action),
        about=frozenset(_named(parameters)),
        operation=action,
        mutating=bool(action) and not action.startswith(_READING),
    )


def _verb(action: str) -> str:
    if not action or action.startswith(_READING):
        return "list" if action else "get"
    if action.startswith(("Delete", "Terminate", "Release")):
        return "delete"
    return "create" if action.startswith("Create") else "update"


def _named(parameters: Mapping[str, str]) -> Iterator[str]:
    for key, value in parameters.items():
        if _INSTANCE_ID.match(key):
            yield value
        found = _FILTER_NAME.match(key)
        if found and value in NAMING_FILTERS:
            prefix = f"{found.group(1)}.Value."
            yield from (named for other, named in parameters.items() if other.startswith(prefix))
