"""Our loops and the originals are given the same worlds; all that they do is compared."""

from __future__ import annotations
