"""The digest that ties a footer to itself and to every line before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from reports.model import RunFooter


def footer_digest(lines: Iterable[bytes], footer: RunFooter) -> str:
    """sha256 in hex over the lines as they stand, each with its end of line, then over the
    canonical JSON (sorted keys) of the footer whose own digest is empty."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    digest.update(msgspec.json.encode(msgspec.structs.replace(footer, digest=""), order="sorted"))
    return digest.hexdigest()
