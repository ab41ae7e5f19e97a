"""A cluster backend that refuses to start: an area that needs no cluster never notices."""

from __future__ import annotations

from contextlib import AbstractContextManager

from conformance.contracts.clusters import (
    Cluster,
    ClusterOptions,
    ClusterParts,
    ClusterProbe,
)


class RefusingBackend:
    name = "refusing"

    def probe(self, options: ClusterOptions) -> ClusterProbe:  # noqa: ARG002
        return ClusterProbe("refusing", "v0.0.0", private=True, disturbs=False)

    def start(
        self,
        options: ClusterOptions,  # noqa: ARG002
        parts: ClusterParts,  # noqa: ARG002
    ) -> AbstractContextManager[Cluster]:
        raise AssertionError("an area that needs no cluster started one")
