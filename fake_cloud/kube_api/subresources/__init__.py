"""Subresources that take or give another kind than the resource they hang below."""

from __future__ import annotations
