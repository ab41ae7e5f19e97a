"""Pods: what they are given, what is wrong with them, and what of them may change."""

from __future__ import annotations
