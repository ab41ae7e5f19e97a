"""Run files and everything derived from them. Imports nothing else of the project."""

from __future__ import annotations
