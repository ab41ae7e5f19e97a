"""A cloud controller in Python, after k8s.io/cloud-provider v0.37, loop by loop."""

from __future__ import annotations
