"""Who did what: one entry for each answered request."""

from __future__ import annotations
