"""Provider adapters, one folder each."""

from __future__ import annotations
