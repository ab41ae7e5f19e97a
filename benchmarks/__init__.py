"""Measurements as ratios in one run; see README.md."""

from __future__ import annotations
