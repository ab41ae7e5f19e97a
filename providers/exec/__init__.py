"""A provider adapter in any language: a program that speaks JSON lines over its pipes."""

from __future__ import annotations
