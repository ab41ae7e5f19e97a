"""CustomResourceDefinitions, and the objects of the kinds that they define."""

from __future__ import annotations
