"""Graceful deletion: how long an object that is being deleted may still live.

Follows BeforeDelete in k8s.io/apiserver/pkg/registry/rest/delete.go.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.system_fields import written


class Course(Enum):
    """What a deletion does to an object."""

    AT_ONCE = auto()
    """The kind knows no grace, or it is over: only finalizers keep the object."""

    PENDING = auto()
    """It is being deleted already, and may not live longer than that."""

    GRACEFUL = auto()
    """Its metadata tell now until when it may live; a grace of 0 means that it may go."""


def take_course(strategy: Strategy, body: Body, asked: int | None) -> Course:
    """Write the grace into the metadata. `asked`: seconds that the client wants."""
    asked = 1 if asked is not None and asked < 0 else asked
    period = strategy.grace_period(body, asked)
    if period is None:
        return Course.AT_ONCE
    metadata = body["metadata"]
    if "deletionTimestamp" in metadata:
        return _shorten(metadata, asked)
    _set(metadata, datetime.now(UTC) + timedelta(seconds=period), period)
    if metadata.get("generation"):
        metadata["generation"] += 1
    return Course.GRACEFUL


def _shorten(metadata: Body, asked: int | None) -> Course:
    had = metadata.get("deletionGracePeriodSeconds") or 0
    if not had:
        return Course.AT_ONCE
    if asked is None or asked >= had:
        return Course.PENDING
    now = datetime.now(UTC)
    end = datetime.fromisoformat(metadata["deletionTimestamp"])
    end += timedelta(seconds=asked - had)
    if end < now:
        end, asked = now, min(asked, 1)
    _set(metadata, end, asked)
    return Course.GRACEFUL


def _set(metadata: Body, end: datetime, period: int) -> None:
    metadata["deletionTimestamp"] = written(end)
    metadata["deletionGracePeriodSeconds"] = period
