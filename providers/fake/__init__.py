"""The fake cloud and its controller in Python, as a provider: the adapter to read first."""

from __future__ import annotations
