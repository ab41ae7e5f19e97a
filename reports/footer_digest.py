"""The digest that ties a footer to itself and to every line before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from reports.model import RunFooter

if TYPE_CHECKING:
    from hashlib import _Hash


def footer_digest(before: _Hash, footer: RunFooter) -> str:
    """The digest in hex, which goes on from that of all bytes before the footer with the canonical
    JSON (sorted keys) of the footer whose own digest is empty."""
    digest = before.copy()
    digest.update(msgspec.json.encode(msgspec.structs.replace(footer, digest=""), order="sorted"))
    return digest.hexdigest()
