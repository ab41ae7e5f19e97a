"""Which requests of the subject are refused, and in which words: the same on every backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

STATUS_REASONS: Mapping[int, str] = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    410: "Expired",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}
"""Status reasons by code (k8s.io/apimachinery pkg/apis/meta/v1/types.go)."""


class Intent(Protocol):
    """What a request wants; paths outside resources have an empty resource."""

    @property
    def verb(self) -> str: ...

    @property
    def resource(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def subresource(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Selector:
    """Which requests are meant; empty words match everything."""

    verb: str
    resource: str
    name: str

    def matches(self, intent: Intent) -> bool:
        return (
            self.verb in ("", intent.verb)
            and self.resource in ("", intent.resource)
            and self.name in ("", intent.name)
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Matching requests are answered with a Status of this code."""

    selector: Selector
    code: int
