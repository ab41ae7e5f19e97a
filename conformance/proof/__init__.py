"""Proof that the suite bites, and bites nobody else: defects, variants, canaries, void rule."""

from __future__ import annotations

from conformance.proof.planted import planted_by, planted_by_anybody

__all__ = ["planted_by", "planted_by_anybody"]
