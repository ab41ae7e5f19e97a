"""Planted bugs that checks must notice, by id."""

from __future__ import annotations

from collections.abc import Mapping

from fake_cloud.defects import (
    node_addresses,
    node_initialization,
    node_lifecycle,
    node_shutdown,
    provider_answers,
)
from fake_cloud.planting import Planted, registry

DEFECTS: Mapping[str, Planted] = registry(
    [node_initialization, provider_answers, node_addresses, node_lifecycle, node_shutdown]
)
