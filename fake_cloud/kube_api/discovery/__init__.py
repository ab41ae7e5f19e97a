"""What is served besides objects: groups, resources, health, version."""

from __future__ import annotations
