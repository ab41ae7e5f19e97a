"""Why the Kubernetes API refused a request, from the `Status` that it answered with."""

from __future__ import annotations

import json
import textwrap

MOST_STATUS_BYTES = 4096

MOST_REASON = 300
"""Characters."""


def refusal_reason(status: int, body: bytes) -> str:
    """Reason and message of a `Status` in JSON, in one line of at most `MOST_REASON` characters.

    Empty when `status` is no refusal, and for an answer that is no such `Status` or a larger one.
    It is cut between words, so that no secret is left in half, where redaction would not know it.
    """
    if status < 400 or len(body) > MOST_STATUS_BYTES:
        return ""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(said, dict) or said.get("kind") != "Status":
        return ""
    told = ": ".join(str(said[key]) for key in ("reason", "message") if said.get(key))
    return textwrap.shorten(told, MOST_REASON, placeholder=" ...")
