"""Conformance tests for Kubernetes cloud providers: plan, environment, checks, verdict."""

from __future__ import annotations
