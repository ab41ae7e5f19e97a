"""Controllers beside the store that every cluster has: they act on changes in their own threads."""

from __future__ import annotations
