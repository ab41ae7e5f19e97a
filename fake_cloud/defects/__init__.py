"""Planted bugs that checks must notice, by id."""

from __future__ import annotations

from collections.abc import Mapping

from fake_cloud.defects import node_initialization, node_lifecycle
from fake_cloud.planting import Planted, registry

DEFECTS: Mapping[str, Planted] = registry([node_initialization, node_lifecycle])
