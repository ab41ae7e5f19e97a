"""The three kinds of PATCH: JSON patch, merge patch, strategic merge patch."""

from __future__ import annotations
