"""Fields of `metadata` that belong to the server, whatever a client sends."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

Body = dict[str, Any]

ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""Letters of generated names: k8s.io/apimachinery/pkg/util/rand."""

SUFFIX = 5
LONGEST_PREFIX = 63 - SUFFIX
"""A generated name keeps to 63 characters: k8s.io/apiserver/pkg/storage/names/generate.go."""


def now() -> str:
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    """A time as objects carry it: whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def wipe_sent(metadata: Body) -> None:
    """What a creator may send and the server does not look at."""
    for field in ("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields"):
        metadata.pop(field, None)


def wipe(metadata: Body) -> None:
    """What a new object cannot have, however it is created."""
    for field in ("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"):
        metadata.pop(field, None)


def keep_system_fields(metadata: Body, old: Body) -> None:
    """What an update cannot change and therefore need not send."""
    metadata.pop("selfLink", None)
    metadata.setdefault("uid", old["uid"])
    metadata["creationTimestamp"] = old["creationTimestamp"]
    if "generation" in old:
        metadata["generation"] = old["generation"]
    else:
        metadata.pop("generation", None)
    if "deletionTimestamp" in old:
        metadata["deletionTimestamp"] = old["deletionTimestamp"]
    if "deletionGracePeriodSeconds" in old:
        metadata.setdefault("deletionGracePeriodSeconds", old["deletionGracePeriodSeconds"])


def generated_name(prefix: str) -> str:
    suffix = "".join(secrets.choice(ALPHABET) for _ in range(SUFFIX))
    return prefix[:LONGEST_PREFIX] + suffix
