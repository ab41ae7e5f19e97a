"""What Kubernetes types look like, per minor version: generated tables and how they are read."""

from __future__ import annotations
