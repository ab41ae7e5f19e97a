"""Request bodies: from bytes to objects of a type, and what is said about what does not fit."""

from __future__ import annotations
