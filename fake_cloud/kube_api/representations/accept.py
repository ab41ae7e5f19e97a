"""The `Accept` header: which form of an object is wanted, in which encoding.

Follows k8s.io/apiserver/pkg/endpoints/handlers/negotiation/negotiate.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fake_cloud.kube_api.http import JSON
from fake_cloud.kube_api.protobuf.envelope import PROTOBUF
from fake_cloud.kube_api.status_errors import not_acceptable

YAML = "application/yaml"
OFFERED = (JSON, YAML, PROTOBUF)
"""What kube-apiserver says that it has."""

CHEAP = (JSON, YAML)
"""Answered before protobuf also where that is preferred: objects are kept in JSON, and whoever
prefers protobuf among others copes with that."""

STREAMED = tuple(f"{media};stream=watch" for media in (JSON, PROTOBUF))
META_GROUP, META_VERSIONS = "meta.k8s.io", ("v1", "v1beta1")
TABLE, PARTIAL, PARTIAL_LIST = "Table", "PartialObjectMetadata", "PartialObjectMetadataList"
FORMS = {TABLE: (JSON, YAML), PARTIAL: OFFERED, PARTIAL_LIST: OFFERED}
"""Which encodings a form may be asked in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`form` is empty for an object as it is; `version` is that of meta.k8s.io."""

    media: str = JSON
    form: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One alternative of an `Accept` header."""

    media: str
    parameters: Mapping[str, str]

    def covers(self, media: str) -> bool:
        kind, _, _ = media.partition("/")
        return self.media in (media, f"{kind}/*", "*/*")


PLAIN = Wanted()
ALWAYS_PLAIN = frozenset({"", JSON, "*/*"})
"""Headers that need no look."""


@lru_cache(maxsize=256)
def wanted_of(header: str, *, of_list: bool, watching: bool) -> Wanted:
    """What is answered to this header. Raises a 406 `StatusError` when nothing can be."""
    if not header:
        return PLAIN
    clauses = accept_clauses(header)
    for served in (CHEAP, (PROTOBUF,)):
        found = _first(clauses, served, watching=watching)
        if found is not None:
            return found
    offered = (*OFFERED, *STREAMED) if of_list else OFFERED
    if not any(clause.covers(media) for clause in clauses for media in OFFERED):
        raise not_acceptable(
            f"406: Not Acceptable\n\nAvailable representations: {', '.join(offered)}", details={}
        )
    accepted = STREAMED if watching else OFFERED
    raise not_acceptable(f"only the following media types are accepted: {', '.join(accepted)}")


def _first(clauses: Sequence[Clause], served: Sequence[str], *, watching: bool) -> Wanted | None:
    asked = ((clause, media) for clause in clauses for media in served if clause.covers(media))
    matches = (_match(clause, media, watching=watching) for clause, media in asked)
    return next((found for found in matches if found is not None), None)


def _match(clause: Clause, media: str, *, watching: bool) -> Wanted | None:
    """None: this alternative cannot be had in this encoding."""
    parameters = clause.parameters
    if parameters.get("stream", "watch") != "watch" or (watching and media == YAML):
        return None
    if not {"as", "g", "v"} & parameters.keys():
        return PLAIN if media == JSON else Wanted(media)
    form, version = parameters.get("as", ""), parameters.get("v", "")
    if parameters.get("g") != META_GROUP or version not in META_VERSIONS:
        return None
    return Wanted(media, form, version) if media in FORMS.get(form, ()) else None


def accept_clauses(header: str) -> list[Clause]:
    """The alternatives, the most wanted first."""
    weighed = sorted(_weighed(header), key=lambda pair: -pair[0])
    return [clause for weight, clause in weighed if weight > 0]


def _weighed(header: str) -> Iterator[tuple[float, Clause]]:
    for text in header.split(","):
        media, *rest = (part.strip() for part in text.split(";"))
        parameters = _parameters(rest)
        try:
            weight = float(parameters.pop("q", "1"))
        except ValueError:
            weight = 1.0
        yield weight, Clause(media.lower(), parameters)


def _parameters(parts: Sequence[str]) -> dict[str, str]:
    pairs = (part.partition("=") for part in parts)
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs if name}
