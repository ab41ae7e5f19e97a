"""Stamps come from the list revision of the resource being ordered."""

from __future__ import annotations

from typing import Any, cast

from conformance.contracts.kubernetes import NODES, KubeClient, Resource
from fake_cloud.recorder import stamp_from


class Listing:
    """Answers one list and remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Resource, int]] = []

    def list(self, resource: Resource, *, limit: int = 0) -> dict[str, Any]:
        self.asked.append((resource, limit))
        return {"items": [], "metadata": {"resourceVersion": "118"}}


def test_stamp_reads_one_item_of_the_ordered_resource() -> None:
    listing = Listing()
    assert stamp_from(cast("KubeClient", listing), NODES)() == 118
    assert listing.asked == [(NODES, 1)]
