"""Volumes, claims on them, and the classes, attachments and drivers behind them."""

from __future__ import annotations
