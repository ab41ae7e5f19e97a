"""Who did what to a Kubernetes API: one entry for each request that it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One answered request; a watch is noted when it begins.

    `user` is who was authenticated, `acted_as` whom he impersonated (else empty). `verb` is the
    Kubernetes verb; `group` to `name` say what it was about, and are empty for a `path` that is no
    resource. A create has the name that its body gives. `code` is the HTTP status.
    """

    user: str
    verb: str
    code: int
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""
    acted_as: str = ""
    user_agent: str = ""

    @property
    def writes(self) -> bool:
        """Whether it asked for a change."""
        return bool(self.resource) and self.verb not in ("get", "list", "watch")


class AuditReader(Protocol):
    """The audit log of one API server, from its start on."""

    def entries(self) -> Sequence[AuditEntry]:
        """Every request that was answered before this call, in the order of the answers.

        Raises `AuditGap` when some are not kept any more.
        """
        ...


class AuditGap(Exception):
    """The log has dropped its oldest entries, so that nothing can be said about all of them."""
