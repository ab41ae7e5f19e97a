"""Lawful freedoms that no check may punish, by id."""

from __future__ import annotations

from collections.abc import Mapping

from fake_cloud.planting import Planted, registry
from fake_cloud.variants import node_initialization, node_lifecycle

VARIANTS: Mapping[str, Planted] = registry([node_initialization, node_lifecycle])
