"""Rules of RBAC: whether one allows a request, and whether some cover others.

Source: pkg/apis/rbac/v1/evaluation_helpers.go of k8s.io/kubernetes and
k8s.io/component-helpers/auth/rbac/validation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import msgspec
from msgspec.structs import replace

from fake_cloud.kube_api.authorization.attributes import Attributes


class Rule(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A PolicyRule."""

    verbs: tuple[str, ...] = ()
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = msgspec.field(default=(), name="nonResourceURLs")

    def allows(self, wanted: Attributes) -> bool:
        if "*" not in self.verbs and wanted.verb not in self.verbs:
            return False
        if wanted.path:
            return any(_url_matches(url, wanted.path) for url in self.non_resource_urls)
        return (
            ("*" in self.api_groups or wanted.group in self.api_groups)
            and self._has_resource(wanted)
            and (not self.resource_names or wanted.name in self.resource_names)
        )

    def _has_resource(self, wanted: Attributes) -> bool:
        if "*" in self.resources or wanted.combined in self.resources:
            return True
        return bool(wanted.subresource) and f"*/{wanted.subresource}" in self.resources

    def parts(self) -> Iterator[Rule]:
        """Rules of one verb and one resource each, which together allow the same."""
        names = self._each_name() or [()]
        for group, resource, name, verb in product(
            self.api_groups, self.resources, names, self.verbs
        ):
            yield Rule((verb,), (group,), (resource,), name)
        for url, verb in product(self.non_resource_urls, self.verbs):
            yield Rule((verb,), non_resource_urls=(url,))

    def covers(self, part: Rule) -> bool:
        """Whether it allows everything that `part` (of `parts`) does."""
        if "*" not in self.verbs and part.verbs[0] not in self.verbs:
            return False
        if part.non_resource_urls:
            return any(
                _url_matches(url, part.non_resource_urls[0]) for url in self.non_resource_urls
            )
        return (
            ("*" in self.api_groups or part.api_groups[0] in self.api_groups)
            and self._covers_resource(part.resources[0])
            and (not self.resource_names or part.resource_names[:1] in self._each_name())
        )

    def _each_name(self) -> list[tuple[str, ...]]:
        return [(name,) for name in self.resource_names]

    def _covers_resource(self, resource: str) -> bool:
        below = resource.partition("/")[2]
        return (
            "*" in self.resources
            or resource in self.resources
            or bool(below and f"*/{below}" in self.resources)
        )

    def __str__(self) -> str:
        """As Go prints it in messages: rbacv1helpers.CompactString."""
        parts = {
            "APIGroups": self.api_groups,
            "Resources": self.resources,
            "NonResourceURLs": self.non_resource_urls,
            "ResourceNames": self.resource_names,
            "Verbs": self.verbs,
        }
        return "{" + ", ".join(f"{k}:{quoted(v)}" for k, v in parts.items() if v) + "}"


EVERYTHING = (Rule(("*",), ("*",), ("*",)), Rule(("*",), non_resource_urls=("*",)))
"""What a cluster administrator may do."""


def _url_matches(pattern: str, path: str) -> bool:
    if pattern in ("*", path):
        return True
    return pattern.endswith("*") and path.startswith(pattern.rstrip("*"))


def missing(held: Sequence[Rule], wanted: Iterable[Rule]) -> list[Rule]:
    """What of the wanted rules is not covered, with all verbs of one resource in one rule."""
    parts = (part for rule in wanted for part in rule.parts())
    lacking = [part for part in parts if not any(rule.covers(part) for rule in held)]
    verbs: dict[Rule, list[str]] = {}
    for part in lacking:
        if not part.non_resource_urls:
            verbs.setdefault(replace(part, verbs=()), []).append(part.verbs[0])
    compact = [replace(resource, verbs=tuple(found)) for resource, found in verbs.items()]
    return [*(part for part in lacking if part.non_resource_urls), *compact]


def quoted(texts: Iterable[str]) -> str:
    """As Go prints a slice of strings with `%q`."""
    return "[" + " ".join(f'"{text}"' for text in texts) + "]"
