"""What cloud-provider-aws promises beyond the required, and what it is known to break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.api import KnownFailure

CAPABILITIES = frozenset(
    {"instanceTypes", "zones", "regions", "additionalLabels", "dualStack", "instanceStop"}
)

WITHOUT_ID = "https://github.com/kubernetes/cloud-provider-aws/issues/1471"
CONSISTENCY = "https://github.com/kubernetes/cloud-provider-aws/pull/1024"
FOREIGN = "https://github.com/kubernetes/cloud-provider/issues/35"
EXPIRES = "2027-05-31"

KNOWN_FAILURES: Sequence[KnownFailure] = (
    KnownFailure("life.no-provider-id.gone", "removed", WITHOUT_ID, EXPIRES),
    KnownFailure("life.uninitialized.gone", "removed", WITHOUT_ID, EXPIRES),
    KnownFailure("life.error.empty-list", "all-kept", CONSISTENCY, EXPIRES),
    KnownFailure("life.fresh-instance", "kept", CONSISTENCY, EXPIRES),
    KnownFailure("life.foreign.provider-id", "own-shape", FOREIGN, EXPIRES),
)
"""Each is written up in docs/findings."""

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
