"""Zone and region of a node, copied to the pods that get it.

Source: plugin/pkg/admission/podtopologylabels.
"""

from __future__ import annotations

from fake_cloud.kube_api.store import Store

TOPOLOGY_COPIED = 35
"""From this minor on pods get the zone of their node: feature PodTopologyLabelsAdmission."""

COPIED = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")


def topology_labels(store: Store, node: str) -> dict[str, str]:
    """Empty for a node that does not exist."""
    entry = store.collection("", "nodes").items.get(("", node))
    labels = entry.labels if entry else {}
    return {key: labels[key] for key in COPIED if key in labels}
