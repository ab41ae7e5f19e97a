"""What Acme can do beyond the required; `cloud-conformance list --capabilities` names all."""

from __future__ import annotations

CAPABILITIES = frozenset({"additionalLabels", "instanceTypes", "regions", "zones"})
