"""Errors of the cloud in the words that our Go program turns into a provider's errors."""

from __future__ import annotations

from fake_cloud.cloud.errors import CloudError
from fake_cloud.loops.metadata import InstanceNotFound

CRASH = "crash"
"""Anything that nobody foresaw: in Go the provider would panic, and the controller with it."""


class Refused(Exception):
    """Any other error that `cloudprovider` has a word for.

    `kind`: not-implemented, implemented-elsewhere, disk-not-found, or retry with `retry_after`
    seconds.
    """

    def __init__(self, kind: str, message: str = "", retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after


def refusal(error: Exception) -> dict[str, object]:
    """`kind`, `message` and `retryAfter` (seconds) of an error."""
    return {
        "kind": _kind(error),
        "message": f"{type(error).__name__}: {error}",
        "retryAfter": error.retry_after if isinstance(error, Refused) else 0.0,
    }


def _kind(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.kind
    if isinstance(error, InstanceNotFound):
        return "instance-not-found"
    return "error" if isinstance(error, CloudError) else CRASH
