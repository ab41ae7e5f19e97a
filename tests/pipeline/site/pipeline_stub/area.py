"""The area `pipeline`: no cluster, no cloud, one planted fault a requirement."""

from __future__ import annotations

from conformance.checks import Area

AREA = Area("pipeline", package="pipeline_stub.checks", catalogue="pipeline.yaml")
