"""Watches: opening them, and the stream that each of them is."""

from __future__ import annotations
