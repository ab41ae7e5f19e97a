"""What cloud-provider-aws promises beyond the required, and what it is known to break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.api import KnownFailure

CAPABILITIES = frozenset(
    {"instanceTypes", "zones", "regions", "additionalLabels", "dualStack", "instanceStop"}
)

KNOWN_FAILURES: Sequence[KnownFailure] = ()

GAPS: Mapping[str, str] = {}
"""Requirements that moto cannot decide, each with the way to see that."""

MOTO_PATCHES = (
    "DescribeInstanceTopology",
    "repeated instance ids",
    "private addresses of terminated instances",
    "health check of classic load balancers",
    "attributes of target groups",
)
"""What `moto_patches.py` mends; a verdict against this simulator says so."""
