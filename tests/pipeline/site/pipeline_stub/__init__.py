"""A third-party area and adapter that misbehave on purpose: faults of the pipeline itself."""

from __future__ import annotations
