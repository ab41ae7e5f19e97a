"""Acme's adapter for cloud-provider-conformance."""

from __future__ import annotations
