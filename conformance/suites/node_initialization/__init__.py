"""Nodes that join are found in the cloud, described and released for work."""

from __future__ import annotations

from conformance.checks import Area

AREA = Area("node-initialization", package="conformance.suites.node_initialization")
