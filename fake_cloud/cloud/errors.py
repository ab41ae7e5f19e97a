"""What the cloud API answers when it does not do what was asked."""

from __future__ import annotations


class CloudError(Exception):
    """Any refusal or failure of the cloud API; says nothing about whether a machine exists."""


class ServerError(CloudError):
    """500-599: the cloud failed."""


class Throttled(CloudError):  # noqa: N818 - the API's own word
    """429: too many calls."""


class CallTimedOut(CloudError):  # noqa: N818 - reads as a state
    """No answer; the call may have been carried out or not."""


class Denied(CloudError):  # noqa: N818 - the API's own word
    """403: the credentials do not allow this call."""


class MalformedAnswer(CloudError):  # noqa: N818 - reads as a state
    """An answer that cannot be read."""


class QuotaExceeded(CloudError):  # noqa: N818 - the API's own word
    """The account has as many machines as it may have."""


class InvalidRequest(CloudError):  # noqa: N818 - the API's own word
    """400: the request itself is wrong."""


class NoSuchInstance(CloudError):  # noqa: N818 - the API's own word
    """404: the cloud knows no such machine."""
