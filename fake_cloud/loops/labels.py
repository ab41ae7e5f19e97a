"""Labels that a cloud controller puts on nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping

TYPE, ZONE, REGION = (
    "node.kubernetes.io/instance-type",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
)
BETA_TYPE, BETA_ZONE, BETA_REGION = (
    "beta.kubernetes.io/instance-type",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
)
"""Keys of k8s.io/api core/v1 well_known_labels.go."""

BETA_TO_GA: Mapping[str, str] = {BETA_TYPE: TYPE, BETA_ZONE: ZONE, BETA_REGION: REGION}
"""The beta key is the source of truth (labelReconcileInfo in node_controller.go)."""

RESERVED = re.compile(r"(^|\.)(kubernetes|k8s)\.io/")
"""Namespaces that additional labels must stay out of (node_controller.go)."""


def stale_ga_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """The GA labels that are missing or differ from their beta twins, with the right values."""
    return {
        ga: labels[beta]
        for beta, ga in BETA_TO_GA.items()
        if beta in labels and labels.get(ga) != labels[beta]
    }
