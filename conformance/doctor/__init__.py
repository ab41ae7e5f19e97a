"""Tries everything that an adapter declares, once, and says what is not as declared."""

from __future__ import annotations

from conformance.doctor.examination import examine
from conformance.doctor.finding import Finding, Word

__all__ = ["Finding", "Word", "examine"]
