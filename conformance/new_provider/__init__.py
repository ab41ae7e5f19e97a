"""Generates the package of a new provider adapter: it runs before anything in it was changed."""

from __future__ import annotations

from conformance.new_provider.generate import generate_package

__all__ = ["generate_package"]
