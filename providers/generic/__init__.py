"""A provider without code: a cluster where its controller works, and a file of promises."""

from __future__ import annotations
