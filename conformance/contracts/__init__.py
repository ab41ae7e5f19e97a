"""Protocols and values that every room shares. This package imports nothing else of the project."""

from __future__ import annotations
