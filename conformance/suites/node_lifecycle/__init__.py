"""Nodes follow their instances: removed with them, tainted while they are shut down."""

from __future__ import annotations

from conformance.checks import Area

AREA = Area("node-lifecycle", package="conformance.suites.node_lifecycle")
