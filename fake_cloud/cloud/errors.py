"""What the cloud API answers when it does not do what was asked."""

from __future__ import annotations


class CloudError(Exception):
    """Any refusal or failure of the cloud API; says nothing about whether a machine exists."""


class ServerError(CloudError):
    """500-599: the cloud failed."""


class Throttled(CloudError):
    """429: too many calls."""


class CallTimedOut(CloudError):
    """No answer; the call may have been carried out or not."""


class Denied(CloudError):
    """403: the credentials do not allow this call."""


class MalformedAnswer(CloudError):
    """An answer that cannot be read."""


class QuotaExceeded(CloudError):
    """The account has as many machines as it may have."""


class InvalidRequest(CloudError):
    """400: the request itself is wrong."""


class NoSuchInstance(CloudError):
    """404: the cloud knows no such machine."""
