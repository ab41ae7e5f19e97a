"""Kubernetes objects in protobuf, as Go clients send them by default: to JSON form and back."""

from __future__ import annotations
